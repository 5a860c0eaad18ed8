/**
 * The 60-second tour (`npm start`): trains the published program on real text at a size that dies
 * within a minute, and replays the death from the fixture that it left.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

const SIZE = "--sentences 3000 --units 16 --learning-rate 0.08";
const TRAIN = `train --preset published --text brown ${SIZE}`;

/** The folder in which a run that dies leaves its fixture. */
const FINDINGS = "nanproof-findings";
/** Exit code of an end on Ctrl-C, as shells have it. */
const INTERRUPTED = 130;

// Ctrl-C reaches the command too, which ends in good order; then so does this.
process.on("SIGINT", () => {});

/**
 * Shows a nanproof command and runs it as a user would: the terminal is its own, and all that it writes there.
 * @returns Its exit code.
 */
async function nanproof(command: string): Promise<number | undefined> {
  console.log(`$ npx nanproof ${command}`);
  const { exitCode } = await execa(process.execPath, ["dist/cli/main.js", ...command.split(" ")], {
    stdio: "inherit",
    reject: false,
  });
  if (exitCode === INTERRUPTED) process.exit(INTERRUPTED);
  console.log();
  return exitCode;
}

/** The fixtures in the folder of findings, the one that was written first in front. */
function findings(): { path: string; written: number }[] {
  if (!existsSync(FINDINGS)) return [];
  return readdirSync(FINDINGS)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ path: join(FINDINGS, name), written: statSync(join(FINDINGS, name)).mtimeMs }))
    .sort((a, b) => a.written - b.written);
}

console.log(`Three stacked LSTM cells (relu, relu, tanh), a cosine loss, Adam: the program of Stack Overflow
51038266, which lost every weight to NaN after 85 epochs of 499 s. Here it trains on the Brown corpus with
16 units and learning rate 0.08 instead of 400 and 0.001, so that it dies within a minute.
`);
const before = new Map(findings().map(({ path, written }) => [path, written]));
const trained = await nanproof(TRAIN);
const fixture = findings().find(({ path, written }) => before.get(path) !== written)?.path;
if (trained !== 1 || fixture === undefined) {
  console.log(
    `The run did not die and leave a fixture (exit code ${trained}). That is unexpected: please report it.`,
  );
  process.exit(1);
}
console.log(
  "The run is dead. Its last step, the state before it and its batch are in that file. Now that step alone:\n",
);
const replayed = await nanproof(`replay ${fixture}`);
if (replayed !== 0) {
  console.log("The step did not die the same way again. That is unexpected: please report it.");
  process.exit(1);
}
console.log(`What was done: a training run was watched until it died; its fatal step was cut out, made as small as it
goes while it dies of the same signature, and rerun: it dies every time, without the training before it.

What to type next:
  npx nanproof replay ${fixture} --engine tfjs-wasm
      the same death op by op on tensorflow.js
  npx nanproof train --preset hardened ${SIZE} --epochs 20
      the same text, seed and learning rate with our fixes: it lives
  npx nanproof compare fixtures/recordings/*.json
      the engine against the original TF1 program, step by step
  npx nanproof --help`);
