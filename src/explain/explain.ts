import { dirname } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import { runToDeath } from "../findings/runToDeath.ts";
import { heldTo } from "../fixtures/heldTo.ts";
import { runThatDied } from "../fixtures/runThatDied.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Story } from "../programs/explaining.ts";
import type { Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import { type Boundary, boundariesOf, boundaryOf } from "./boundary.ts";
import { runBoundaries } from "./runKnobs.ts";
import { type Sought, sinceWhen } from "./since.ts";

/** The explanation of a fixture: why it dies, what its death takes, and since when it was to be seen. */
export interface Explanation {
  signature: string;
  sentence: string;
  story: Story;
  /** Numbers with whose every value tried the step dies. */
  free: string[];
  boundaries: Boundary[];
  /** Numbers that were not tried: there are more of them than that is worth, or time is up. */
  untried: number;
  /** Sentences on all that the program does not show. */
  untellable: readonly string[];
  sought: Sought;
}

/** Options of {@link explainFixture}. */
export interface ExplainOptions {
  signal: StopSignal;
  /** Ends the trying of numbers; `timeIsUp` unless given. */
  halfTime?: StopSignal;
  /** Ends the search for healthy runs. */
  timeIsUp: StopSignal;
  onPart?: (part: string) => void;
}

/** Milliseconds between two turns of the event loop, so that Ctrl-C and progress get through. */
const TURN_MS = 30;
/** Numbers that are tried: of a step that was made small all of them. */
const MOST_NUMBERS = 400;

/**
 * Explains a fixture: every statement is checked by running it.
 * @returns Null where it was interrupted before anything was known.
 * @throws UsageError when it does not die here, its files cannot be read, or its program cannot explain.
 */
export async function explainFixture(
  stored: StoredFixture,
  given: Host,
  { signal, timeIsUp, halfTime = timeIsUp, onPart = () => {} }: ExplainOptions,
): Promise<Explanation | null> {
  const host = heldTo(given, stored);
  const { program } = host;
  const { explaining } = program;
  if (explaining === undefined)
    throw new UsageError(
      "NANPROOF_E_EXPLAIN",
      `${shellWord(stored.path)}: the program ${program.name} cannot explain its deaths`,
      "nanproof replay says where the first value stands that is not finite",
    );
  const { fixture, binary } = stored;
  const files = { folder: dirname(stored.path), ...(binary && { binary }) };
  onPart("how it died");
  const { dead } = await runToDeath(host, fixture.case, files, { signal });
  if (signal.aborted) return null;
  if (dead === null)
    throw new UsageError(
      "NANPROOF_E_LIVES",
      `${shellWord(stored.path)}: does not die on ${host.name} ${host.version}`,
      "nanproof replay says what came of it; --engine names another one",
    );
  const { step, death } = dead.fatal;
  onPart("what it takes");
  let turned = performance.now();
  const lives = async (other: unknown) => {
    if (performance.now() - turned > TURN_MS) {
      await new Promise(setImmediate);
      turned = performance.now();
    }
    if (explaining.lives !== undefined) return explaining.lives(host, other);
    return (await program.examine(host, other)).kind === "lives";
  };
  const numbers = explaining.numbers(step);
  const found: Pick<Explanation, "free" | "boundaries"> = { free: [], boundaries: [] };
  let tried = 0;
  for (const knob of explaining.knobs(step, death)) {
    if (signal.aborted) break;
    const inTime = async (other: unknown) => (signal.aborted || halfTime.aborted ? null : lives(other));
    const boundary = await boundaryOf(knob, inTime);
    if (boundary !== null) found.boundaries.push(boundary);
  }
  const run = runThatDied(fixture);
  const stopAt = (time: StopSignal): StopSignal => ({
    get aborted() {
      return signal.aborted || time.aborted;
    },
  });
  found.boundaries.push(...(await runBoundaries(stored, run, host, explaining, stopAt(halfTime))));
  for (const number of numbers.slice(0, MOST_NUMBERS)) {
    if (signal.aborted || halfTime.aborted) break;
    tried += 1;
    const boundaries = await boundariesOf(number, lives);
    if (boundaries === null) found.free.push(number.what);
    else found.boundaries.push(...boundaries);
  }
  onPart("since when");
  const sought = await sinceWhen(stored, run, host, explaining, stopAt(timeIsUp));
  return {
    signature: death.signature,
    sentence: fixture.sentence ?? (await program.stepSentence(step, death, host)),
    story: await explaining.story(host, step, death, signal),
    ...found,
    untried: numbers.length - tried,
    untellable: (await explaining.untellable?.(host, step, death)) ?? [],
    sought,
  };
}
