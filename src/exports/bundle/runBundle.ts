import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { typeScriptLoader } from "../../package.ts";
import { ERROR_SHOWN } from "../runner.ts";
import type { ScriptRun } from "../scriptRun.ts";
import type { BundleFiles } from "./bundle.ts";
import type { FoundPackage } from "./packages.ts";

/** The Python and the packages with which a bundle runs. */
export interface BundleRunner {
  python: string;
  /** Packages that a JavaScript program imports. */
  packages: readonly FoundPackage[];
  signal?: AbortSignal;
}

/** Puts a bundle into a folder. */
export function writeBundle(folder: string, files: BundleFiles): void {
  for (const [path, contents] of files) {
    const file = join(folder, ...path.split("/"));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
}

/** Runs a bundle in a folder of its own, far from the program's, once for each list of arguments. */
export async function runBundle(
  files: BundleFiles,
  { python, packages, signal }: BundleRunner,
  uses: readonly (readonly string[])[],
): Promise<ScriptRun[]> {
  const folder = mkdtempSync(join(tmpdir(), "nanproof-bundle-"));
  try {
    writeBundle(folder, files);
    for (const { name, folder: found } of packages)
      if (found !== null) {
        const link = join(folder, "node_modules", ...name.split("/"));
        mkdirSync(dirname(link), { recursive: true });
        symlinkSync(found, link, "junction");
      }
    const runs: ScriptRun[] = [];
    for (const use of uses) {
      const [command, args] = files.has("reproduce.py")
        ? [python, ["reproduce.py"]]
        : [process.execPath, [...loader(files), "reproduce.mjs", ...use]];
      const { exitCode, stdout, stderr, shortMessage } = await execa(command, args, {
        reject: false,
        cwd: folder,
        stdin: "ignore",
        // Neither the program's own packages nor nanproof's may be found by way of the environment.
        env: { PYTHONPATH: undefined, NODE_PATH: undefined, PYTHONIOENCODING: "utf-8" },
        ...(signal && { cancelSignal: signal, forceKillAfterDelay: 500 }),
      });
      const error = exitCode === undefined ? (shortMessage ?? "") : stderr;
      runs.push({ exitCode: exitCode ?? 125, stdout, error: error.slice(-ERROR_SHOWN) });
      if (signal?.aborted) break;
    }
    return runs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The arguments of a Node that does not run TypeScript by itself. */
function loader(files: BundleFiles): string[] {
  const isTyped = [...files.keys()].some((path) => /^program\/.*\.(ts|mts|tsx)$/.test(path));
  return isTyped ? ["--import", typeScriptLoader()] : [];
}
