import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure } from "esbuild";

/** Endings of files that Node cannot run as they are. */
const TYPESCRIPT = new Set([".ts", ".mts", ".cts", ".tsx"]);

/** The exports of a file, read without running it. */
export interface Exports {
  /** True where the file exports anything as its default, as an ES module or with `module.exports`. */
  hasDefault: boolean;
  /** The mistake that makes the file no JavaScript or TypeScript, and its line; null where there is none. */
  mistake: { message: string; line: number } | null;
}

/**
 * Loads a person's file, TypeScript too, on every version of Node.
 * @returns Everything that the file exports.
 */
export async function loadFile(file: string): Promise<Record<string, unknown>> {
  if (TYPESCRIPT.has(extname(file))) {
    const { register } = await import("tsx/esm/api");
    register();
  }
  return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
}

/** Reads what a file exports, without running it. A file that cannot be read is said to: loading it then says why not. */
export async function exportsOf(file: string): Promise<Exports> {
  const source = readFileSync(file, "utf8");
  const { build, stop } = await import("esbuild");
  try {
    const { metafile } = await build({
      stdin: { contents: source, loader: TYPESCRIPT.has(extname(file)) ? "ts" : "js", sourcefile: file },
      bundle: false,
      write: false,
      metafile: true,
      format: "esm",
      logLevel: "silent",
    });
    const exported = Object.values(metafile.outputs).flatMap((output) => output.exports);
    return {
      hasDefault: exported.includes("default") || /\b(module\.exports|exports\.default)\s*=/.test(source),
      mistake: null,
    };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    const line = first?.location?.line;
    return { hasDefault: true, mistake: line === undefined ? null : { message: first?.text ?? "", line } };
  } finally {
    await stop();
  }
}
