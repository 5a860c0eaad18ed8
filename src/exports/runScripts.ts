import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { runInPython } from "./python/run.ts";
import type { Rendered } from "./render.ts";
import { ERROR_SHOWN, type Runner, type Runs } from "./runner.ts";
import type { ScriptRun } from "./scriptRun.ts";
import type { Target } from "./target.ts";
import { wasmFolder } from "./wasm.ts";

/**
 * Runs scripts of one target, one after the other, in one process where the target is for Python: a framework takes seconds
 * to load. With `until` they end with the first that it says yes to.
 * @throws UsageError when there is no such Python, or it has not the framework.
 */
export async function runScripts(
  target: Target,
  scripts: readonly Rendered[],
  runner: Runner,
  until: (run: ScriptRun) => boolean = () => false,
): Promise<Runs> {
  const folder = mkdtempSync(join(tmpdir(), "nanproof-export-"));
  try {
    const files = scripts.map(({ script, beside }, at) => {
      const file = join(folder, `script${at}.${target.language === "python" ? "py" : "js"}`);
      writeFileSync(file, script);
      if (beside !== null) writeFileSync(file + beside.suffix, beside.contents);
      return file;
    });
    return target.language === "python"
      ? await runInPython(target.packages, files, runner, until)
      : await runInNode(folder, files, runner, until);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs each file in a Node process of its own, with nanproof's tensorflow.js in reach. */
async function runInNode(
  folder: string,
  files: readonly string[],
  { signal }: Runner,
  until: (run: ScriptRun) => boolean,
): Promise<Runs> {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("@tensorflow/tfjs/package.json");
  const scope = join(folder, "node_modules", "@tensorflow");
  mkdirSync(scope, { recursive: true });
  symlinkSync(dirname(manifest), join(scope, "tfjs"), "junction");
  const wasm = wasmFolder();
  if (wasm !== null) symlinkSync(wasm, join(scope, "tfjs-backend-wasm"), "junction");
  const { version } = require(manifest) as { version: string };
  const runs: ScriptRun[] = [];
  for (const file of files) {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [file], {
      reject: false,
      ...(signal && { cancelSignal: signal, forceKillAfterDelay: 500 }),
    });
    const run = {
      exitCode: exitCode ?? 125,
      stdout,
      error: exitCode === 1 ? "" : stderr.slice(-ERROR_SHOWN),
    };
    runs.push(run);
    if (signal?.aborted || until(run)) break;
  }
  return { versions: [`@tensorflow/tfjs ${version}`, `Node ${process.versions.node}`], runs };
}
