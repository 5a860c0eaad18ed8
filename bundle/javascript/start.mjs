// Runs a program up to its first step, with the knobs and the seed of its death, as nanproof does.
import { fileURLToPath } from "node:url";
import { seedRandom } from "./random.mjs";

const CANNOT_RUN = 125;
let hand = null;

/** Gives the first step's training and batch to the runner, and ends with the status that it finds. No later step begins. */
export function handOver(training, batch) {
  const first = hand;
  hand = () => new Promise(() => {});
  return first(training, batch);
}

export async function start({ program: path, knobs, seed, steps }, runner) {
  let status = CANNOT_RUN;
  // A program that ends the process by itself, whatever its status, did not reach a step.
  process.on("exit", () => {
    process.exitCode = status;
  });
  process.on("uncaughtException", (error) => {
    console.error(error);
    process.exit();
  });
  const random = seedRandom(1);
  const end = (found) => {
    status = found;
    process.exit();
  };
  hand = (training, batch) => {
    const found = runner(training, batch, random);
    return typeof found === "number" ? end(found) : found.then(end);
  };
  await setBackend(process.argv[2] ?? "cpu");
  const url = new URL(`../program/${path.map(encodeURIComponent).join("/")}`, import.meta.url);
  if (knobs === null) random.seed(seed);
  const loaded = await import(url.href);
  if (knobs === null) return;
  const found = loaded.default?.isProgram ? loaded.default : loaded.default?.default;
  const values = Object.fromEntries(
    Object.entries(found.own.knobs ?? {}).map(([name, knob]) => [name, knobs[name] ?? knob.default]),
  );
  random.seed(seed);
  const { watch } = await import("./program.mjs");
  await found.own.train({ watch, knobs: values, seed, random: random.random, steps });
  console.error("the program ended before any step");
}

/** Sets what tensorflow.js computes on, as nanproof does before the program is loaded. */
async function setBackend(name) {
  const loaded = await import("@tensorflow/tfjs").catch(() => null);
  const engine = globalThis._tfengine;
  if (name === "wasm") {
    const wasm = await import("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(fileURLToPath(new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm"))));
  }
  if (engine === undefined || loaded === null) return;
  if (!(await engine.setBackend(name))) throw new Error(`tensorflow.js has no backend ${name}`);
  await engine.ready();
  if (process.argv[2] !== undefined) engine.setBackend = async () => true;
}
