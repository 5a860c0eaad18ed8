import { specsOf } from "../fixtures/heldTo.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../programs/death.ts";
import type { DyingStep } from "../programs/pass.ts";
import type { CaseSize, Host, StepCase } from "../programs/program.ts";

/** A fixture that is not on disk yet. */
export interface Finding<Step = unknown, D extends Diagnosis = Diagnosis> {
  fixture: Fixture & { sentence: string; size: CaseSize; minimal: boolean };
  binary?: Uint8Array;
  /** The size of the captured step. */
  before: CaseSize;
  /** Steps run for trying candidates. */
  candidates: number;
  /** Steps met while shrinking that die of other signatures, each the first of its own: other bugs, kept apart. */
  slips: readonly DyingStep<Step, D>[];
}

/** The origin of a fixture, but for what its finding says. */
export type Origin = Omit<Fixture["provenance"], "captured" | "engine" | "shrunkFrom">;

/** The facts known of a step that is to be written down. */
interface KnownStep<Step, D extends Diagnosis> extends DyingStep<Step, D> {
  sentence: string;
  minimal: boolean;
  /** Of a rerun of what is written; null where it was not run again. */
  digest: string | null;
}

/** The fixture of a step as its own host knows it: not confirmed elsewhere, fixes untried. */
export function bareFixture<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  captured: Step,
  { step, death, sentence, minimal, digest }: KnownStep<Step, D>,
  written: StepCase,
  provenance: Origin,
): Finding["fixture"] {
  const { program, name, version } = host;
  // What is a program's own, case and site, is checked by its schema when the fixture is written.
  const { mechanism: _, ...seen } = death;
  const specs = specsOf(host, death);
  return {
    schemaVersion: 1,
    grade: "step",
    ...(host.file && { program: host.file }),
    case: written.case,
    expected: {
      ...seen,
      step: 1,
      reproducesOn: digest === null ? [] : [name],
      digests: digest === null ? {} : { [name]: digest },
      versions: { [name]: version },
      ...(specs.length > 0 && { invariants: specs }),
    },
    sentence: placedSentence(sentence, provenance),
    size: program.stepSize(step),
    minimal,
    provenance: {
      ...program.captureMarks?.(captured, host),
      ...provenance,
      engine: name,
      captured: program.batchSize(captured),
      shrunkFrom: program.stepSize(program.alone(captured)),
    },
  };
}

/** The sentence, with the place in the captured batch of the data that caused the death, where it is known. */
export function placedSentence(sentence: string, { place }: Pick<Origin, "place">): string {
  if (place === undefined) return sentence;
  const { tensor, row, timestep, column } = place;
  return `${sentence}; in the captured batch that is the ${tensor} of row ${row}, timestep ${timestep}, column ${column}`;
}
