import { basename } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import type { FileOrder } from "../../programs/hostOrder.ts";
import type { ProgramCase } from "../../programs/process/case.ts";
import { defaultsOf, givenKnobs } from "../../programs/process/knobs.ts";
import { openProgram } from "../../programs/process/open.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import { note } from "../output.ts";
import { ProgressLine } from "../progressLine.ts";

/** Milliseconds that a program may take to start before that is worth a line: a framework takes a while to load. */
const PATIENCE_MS = 1000;

/** Starts a program; what it prints goes to stderr. */
export async function startProgram(order: FileOrder): Promise<ProgramHost> {
  const name = basename(order.file);
  const line = new ProgressLine({ after: PATIENCE_MS });
  line.tell({ head: `starting ${name}` });
  try {
    return await openProgram(order, (text) => {
      if (!isBanner(text)) note(`${name}: ${text}`);
    });
  } finally {
    line.close();
  }
}

/** The case of a program that flags ask for. @throws UsageError when a knob is none of its, or cannot be what it is given. */
export function caseOfProgram(
  { hosting: { ready } }: ProgramHost,
  { knob, steps, seed }: { knob: readonly string[]; steps: number | undefined; seed: number },
): ProgramCase {
  const isScript = ready.form === "script";
  const given = givenKnobs(ready.knobs, knob);
  return {
    schemaVersion: 1,
    knobs: isScript ? null : { ...defaultsOf(ready.knobs), ...given },
    seed,
    steps: steps ?? ready.steps,
  };
}

/** A program's seed. @throws UsageError when it is no whole number from 1 on. */
export function programSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed) && seed >= 1) return seed;
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `--seed is ${JSON.stringify(text)}: the seed of a program is a whole number from 1 on`,
    "give --seed 1, say",
  );
}

/** True of the lines that tensorflow.js prints at every start: an advertisement of its other packages, in a frame. */
function isBanner(line: string): boolean {
  return (
    line.trim() === "" || /^=+$/.test(line) || line.startsWith("Hi, looks like you are running TensorFlow.js")
  );
}
