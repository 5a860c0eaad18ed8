import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Rendered } from "./render.ts";

/** The package of tensorflow.js's backend wasm. */
export const WASM = "@tensorflow/tfjs-backend-wasm";

/** The folder of the backend wasm that nanproof finds; null where there is none. */
export function wasmFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${WASM}/package.json`));
  } catch {
    return null;
  }
}

/** Its version; null where there is none. */
export function wasmVersion(): string | null {
  const folder = wasmFolder();
  if (folder === null) return null;
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return version;
}

/** A script for tensorflow.js as it runs on the backend wasm. */
export function onWasm(script: Rendered): Rendered {
  const cpu = '  await tf.setBackend("cpu");';
  if (!script.script.includes(cpu)) throw new Error("the script sets no backend");
  const wasm = [
    `  const { setWasmPaths } = await import("${WASM}");`,
    `  setWasmPaths(require("node:path").dirname(require.resolve("${WASM}")) + "/");`,
    '  await tf.setBackend("wasm");',
  ].join("\n");
  return { ...script, script: script.script.replace(cpu, wasm) };
}
