import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";

/** The tfjs backends that need no native library. */
export type BackendName = "wasm" | "cpu";

/**
 * Loads a backend. Production mode keeps tfjs from printing its welcome message.
 * @returns Its version.
 */
export async function loadBackend(name: BackendName): Promise<string> {
  tf.enableProdMode();
  if (name === "wasm") {
    const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(dirname(entry) + sep);
  }
  if (!(await tf.setBackend(name))) throw new Error(`tfjs backend ${name} did not start`);
  await tf.ready();
  return name === "wasm" ? `tfjs ${tf.version_core}, wasm ${version_wasm}` : `tfjs ${tf.version_core}`;
}

/**
 * Makes a loaded backend the one that computes. For a backend that {@link loadBackend} has awaited,
 * tfjs switches before its promise is returned, so nothing is left to await.
 */
export function useBackend(name: BackendName): void {
  if (tf.getBackend() !== name) void tf.setBackend(name);
}
