import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, resolve } from "node:path";
import type { BuildFailure } from "esbuild";
import { UsageError } from "../../documents/errors.ts";
import { quotedPath } from "../../documents/printable.ts";
import type { Imports } from "./imports.ts";

/**
 * Finds what a JavaScript or TypeScript file imports, and what that imports.
 * @throws UsageError when one of the files cannot be read as either.
 */
export async function javascriptImports(program: string): Promise<Imports> {
  const folder = dirname(program);
  const { build, stop } = await import("esbuild");
  try {
    const { metafile } = await build({
      entryPoints: [program],
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      packages: "external",
      platform: "node",
      format: "esm",
      logLevel: "silent",
    });
    const inputs = Object.keys(metafile.inputs).map((path) => resolve(folder, path));
    const external = Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports
        .filter((one) => one.external === true && !isBuiltin(one.path))
        .map(({ path }) => packageOf(path)),
    );
    const unknown = inputs
      .filter((path) => /\b(import|require)\(\s*[^\s"'`)]/.test(readFileSync(path, "utf8")))
      .map(
        (path) => `${basename(path)} imports by a name that it computes; such files are not in this folder.`,
      );
    const packages = [...new Set(external)].filter((name) => name !== "nanproof").sort();
    return { files: inputs.filter((path) => path !== program), packages, unknown };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    const place =
      first.location === null ? "" : ` (${basename(first.location.file)}, line ${first.location.line})`;
    throw new UsageError(
      "NANPROOF_E_PROGRAM",
      `--program is ${quotedPath(program)}: what it imports cannot be read: ${first.text}${place}`,
      "mend it, or give the program that the fixture was made with",
    );
  } finally {
    await stop();
  }
}

/** `@a/b/c` is of the package `@a/b`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
