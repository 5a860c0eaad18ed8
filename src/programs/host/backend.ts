import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { loadedEngine } from "../client/tfjs/engine.ts";
import { HostedError } from "./errors.ts";

/** Names of backends in tensorflow.js, by the names of nanproof's engines. */
const BACKENDS: Readonly<Record<string, string>> = {
  "tfjs-cpu": "cpu",
  "tfjs-wasm": "wasm",
  "tfjs-node": "tensorflow",
};

/**
 * Loads the tensorflow.js that a program will load, and sets its backend: the one that was asked for, which the program then
 * cannot change, or cpu, which it can.
 * @param engine `tfjs-cpu`, `tfjs-wasm` or `tfjs-node`, or null.
 */
export async function prepareBackend(file: string, engine: string | null): Promise<void> {
  await importFrom(file, "@tensorflow/tfjs");
  const tf = loadedEngine();
  if (engine === null) {
    if (tf !== null && (await tf.setBackend("cpu").catch(() => false))) await tf.ready();
    return;
  }
  const backend = BACKENDS[engine];
  if (backend === undefined || tf === null)
    throw new HostedError(
      "unsupported",
      backend === undefined
        ? `engine ${engine} is none of ${Object.keys(BACKENDS).join(", ")}`
        : `@tensorflow/tfjs is not found from ${file}: engine ${engine} cannot be set`,
    );
  if (backend === "wasm") await loadWasm(file);
  if (backend === "tensorflow" && !(await importFrom(file, "@tensorflow/tfjs-node")))
    throw new HostedError(
      "unsupported",
      `@tensorflow/tfjs-node is not found from ${file}: npm install it there`,
    );
  if (!(await tf.setBackend(backend))) throw new HostedError("unsupported", `engine ${engine} did not start`);
  await tf.ready();
  tf.setBackend = async () => true;
}

async function loadWasm(file: string): Promise<void> {
  const name = "@tensorflow/tfjs-backend-wasm";
  // Where the program has none, nanproof's own computes on the program's tensorflow.js: both share one engine.
  const from = canResolve(file, name) ? file : import.meta.filename;
  const loaded = (await importFrom(from, name)) as { setWasmPaths(folder: string): void };
  loaded.setWasmPaths(dirname(createRequire(from).resolve(name)) + sep);
}

async function importFrom(file: string, name: string): Promise<object | null> {
  if (!canResolve(file, name)) return null;
  const path = createRequire(file).resolve(name);
  return (await import(pathToFileURL(path).href)) as object;
}

function canResolve(file: string, name: string): boolean {
  try {
    createRequire(file).resolve(name);
    return true;
  } catch {
    return false;
  }
}
