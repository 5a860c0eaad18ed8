import { misfit, show } from "../client/knobChecks.ts";
import type { KnobValue } from "../client/knobRecords.ts";
import type { RunArguments } from "../client/program.ts";
import type { HostRequest } from "../protocol.ts";
import { HostedError } from "./errors.ts";
import type { Loaded } from "./load.ts";
import { loadFile } from "./loader.ts";
import type { SeededRandom } from "./randomState.ts";

/**
 * Runs a person's training to its end: `train` with these knobs, or the script.
 * @param file The person's file.
 * @throws HostedError when a knob's value is none, and whatever the training throws.
 */
export async function startTraining(
  { program }: Loaded,
  file: string,
  { knobs, seed, steps }: Extract<HostRequest, { type: "open" }>,
  random: SeededRandom,
): Promise<void> {
  random.seed(seed);
  if (program === null) {
    await orNothingLeft(loadFile(file));
    // A script's own promises are nobody's to wait for.
    await nothingLeft();
    return;
  }
  const values: Record<string, KnobValue> = {};
  for (const [name, knob] of Object.entries(program.knobs)) {
    values[name] = knobs[name] ?? knob.default;
    const problem = misfit(knob, values[name]);
    if (problem !== null) throw new HostedError("knobs", `knob ${name} is ${show(values[name])}: ${problem}`);
  }
  const unknown = Object.keys(knobs).find((name) => !Object.hasOwn(program.knobs, name));
  if (unknown !== undefined)
    throw new HostedError(
      "knobs",
      `the program has no knob ${unknown}: it has ${Object.keys(program.knobs).join(", ") || "none"}`,
    );
  const given = { knobs: values as RunArguments["knobs"], seed, random: random.random, steps };
  await orNothingLeft(program.train(given));
}

/** Waits for a training, or until nothing in the process can end it any more. */
async function orNothingLeft(training: unknown): Promise<void> {
  const stuck = nothingLeft().then(() => {
    throw new HostedError("program", "the program waits for a promise that nothing resolves");
  });
  await Promise.race([training, stuck]);
}

/** Waits until the process has nothing left to do. */
function nothingLeft(): Promise<void> {
  return new Promise((resolve) => {
    process.once("beforeExit", () => resolve());
  });
}
