import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SOURCE = "src/programs/lstm/engines/explorer/assembly/index.ts";

/** Its own types declare a global `console` of AssemblyScript's, so they are left alone: this is what is used of it. */
interface Compiler {
  main(
    args: string[],
    files: { readFile(name: string, baseDir: string): string | null },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>;
}
const COMPILER: string = "assemblyscript/asc";

/**
 * Compiles the explorer's kernels.
 *
 * No relaxed SIMD: its results differ from machine to machine. The stub runtime frees nothing, and
 * nothing is allocated: the host lays out the memory above __heap_base itself.
 *
 * @param outFile Path of the module to write.
 * @param overrides Sources that replace files of the same path.
 * @param effort `quick` takes a fifth of the time; the kernels give the same bits, more slowly.
 * @throws Error with the compiler's own messages.
 */
export async function compile(
  outFile: string,
  overrides: Readonly<Record<string, string>> = {},
  effort: "whole" | "quick" = "whole",
): Promise<void> {
  const options = [
    effort === "whole" ? "--optimizeLevel 3 --shrinkLevel 0 --converge" : "--optimizeLevel 1",
    "--noAssert",
    "--runtime stub --use abort= --enable simd --disable mutable-globals",
  ]
    .join(" ")
    .split(" ");
  const asc = (await import(COMPILER)) as { default: Compiler };
  const { error, stderr } = await asc.default.main([SOURCE, "--outFile", outFile, ...options], {
    readFile: (name, baseDir) => overrides[name] ?? read(join(baseDir, name)),
  });
  if (error) throw new Error(`${stderr.toString()}\n${error.message}`);
}

function read(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
