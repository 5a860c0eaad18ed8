/**
 * The 60-second tour (`npm start`): trains the published program on real text at a size that dies
 * within a minute, and replays the death from the fixture that it left.
 */
import { execa } from "execa";

const SIZE = "--sentences 3000 --units 16 --learning-rate 0.08";
const TRAIN = `train --preset published --text brown ${SIZE}`;

/** Runs a nanproof command as a user would, shows it and what it prints, and hands back both. */
async function nanproof(command: string): Promise<{ exitCode: number | undefined; stdout: string }> {
  console.log(`$ npx nanproof ${command}`);
  const { exitCode, stdout } = await execa(process.execPath, ["dist/cli/main.js", ...command.split(" ")], {
    stdout: ["inherit", "pipe"],
    stderr: "inherit",
    reject: false,
  });
  console.log();
  return { exitCode, stdout };
}

console.log(`Three stacked LSTM cells (relu, relu, tanh), a cosine loss, Adam: the program of Stack Overflow
51038266, which lost every weight to NaN after 85 epochs of 499 s. Here it trains on the Brown corpus with
16 units and learning rate 0.08 instead of 400 and 0.001, so that it dies within a minute.
`);
const trained = await nanproof(TRAIN);
const fixture = /^captured in (.+)$/m.exec(trained.stdout)?.[1];
if (trained.exitCode !== 1 || fixture === undefined) {
  console.log(
    `The run did not die and leave a fixture (exit code ${trained.exitCode}). That is unexpected: please report it.`,
  );
  process.exit(1);
}
console.log(
  "The run is dead. Its last step, the state before it and its batch are in that file. Now that step alone:\n",
);
const replayed = await nanproof(`replay ${fixture}`);
if (replayed.exitCode !== 0) {
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
