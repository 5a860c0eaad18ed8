import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { UsageError } from "../../../../documents/errors.ts";
import { loadTensorFlow } from "./native/tensorflow.ts";

/** Ways to compute under tfjs: WebAssembly, plain JavaScript, and TensorFlow's own library. */
export type BackendName = "wasm" | "cpu" | "node";

/** The name under which tfjs knows each. */
const REGISTERED: Readonly<Record<BackendName, string>> = { wasm: "wasm", cpu: "cpu", node: "tensorflow" };

/**
 * Loads a backend. Production mode keeps tfjs from printing its welcome message.
 * @returns The versions of what computes.
 * @throws UsageError when the native library is not there, or does not load.
 */
export async function loadBackend(name: BackendName): Promise<string> {
  tf.enableProdMode();
  const versions = prepare(name);
  if (!(await starts(name)))
    throw new UsageError(
      "NANPROOF_E_ENGINE_BROKEN",
      `engine tfjs-${name}: its backend did not start`,
      "give Node more memory and addresses (ulimit -v unlimited), or use --engine tfjs-cpu; nanproof doctor shows what works",
    );
  await tf.ready();
  return [`tfjs ${tf.version_core}`, ...versions].join(", ");
}

async function starts(name: BackendName): Promise<boolean> {
  try {
    return await tf.setBackend(REGISTERED[name]);
  } catch (error) {
    // WebAssembly that is not given its memory or does not compile: an error of the system's, not ours.
    if (error instanceof UsageError) throw error;
    return false;
  }
}

/**
 * Makes a loaded backend the one that computes. For a backend that {@link loadBackend} has awaited,
 * tfjs switches before its promise is returned, so nothing is left to await.
 */
export function useBackend(name: BackendName): void {
  if (tf.getBackend() !== REGISTERED[name]) void tf.setBackend(REGISTERED[name]);
}

/** True where the native backend, loaded before, computes on a GPU. */
export function nativeUsesGpu(): boolean {
  const backend = tf.findBackend(REGISTERED.node) as { isUsingGpuDevice?: boolean } | null;
  return backend?.isUsingGpuDevice === true;
}

/** Makes tfjs know the backend; the versions beside its own. */
function prepare(name: BackendName): string[] {
  if (name === "node") return loadTensorFlow();
  if (name === "cpu") return [];
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(dirname(entry) + sep);
  return [`wasm ${version_wasm}`];
}
