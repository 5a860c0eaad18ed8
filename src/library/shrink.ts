import * as z from "zod";
import type { Finding, Origin } from "../findings/finding.ts";
import { findingStages, type Shrinking } from "../findings/pipeline.ts";
import { runFinding as findRun, type RunFinding, type RunOrigin } from "../findings/runFinding.ts";
import { fixtureSchemaOf } from "../fixtures/schema.ts";
import type { CapturedStep } from "../programs/lstm/cases/capturedStep.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";
import type { Engine } from "../programs/lstm/engines/engine.ts";
import { lstm } from "../programs/lstm/program.ts";
import { RunAttempts as Attempts, type DyingRun } from "../shrink/run/attempt.ts";
import { type ShrinkRunOptions, type ShrunkRun, shrinkRun as shrink } from "../shrink/run/shrinkRun.ts";
import { callback, checked, given, isObject, path, stopSignal, thing } from "./check.ts";
import { engineOf, enginesOf } from "./engines.ts";
import { checkedStep } from "./relations.ts";
import { checkedCase } from "./testCases.ts";

const { expected, provenance } = fixtureSchemaOf(lstm).shape;
const { signature, site, firstNaN, operation, ending } = expected.shape as z.ZodRawShape;
const diagnoses = z.strictObject({
  signature,
  mechanism: z.string(),
  site,
  firstNaN,
  operation,
  ending,
} as z.ZodRawShape);
const origins = provenance.omit({ captured: true, engine: true, shrunkFrom: true });

const budget = z.strictObject({
  candidates: z.number().min(0).optional(),
  ms: z.number().min(0).optional(),
});
const common = {
  budget: budget.optional(),
  onProgress: callback().optional(),
  signal: stopSignal.optional(),
};
const resumed = thing(isObject, "what an earlier search came to");
const shrinkings = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("passes"), ...common, resume: resumed.optional() }),
]);
const searches = z.strictObject({ ...common, resume: resumed.optional() });

/**
 * Makes a step fixture of a fatal step: shrinks it, and runs what would be written once more, on the
 * engine that found it and on others.
 * @param others Engines to confirm the death on; the fixture says on which it reproduces.
 * @param onPart Called with each part that follows the shrinking, in words.
 * @returns Null when the written-out step does not die of the same signature on its own engine: nothing to keep.
 * @throws UsageError when an argument is not what it should be.
 */
export async function findingOf(
  engine: Engine,
  captured: CapturedStep,
  death: Diagnosis,
  origin: Origin,
  others: readonly Engine[],
  shrinking: Shrinking<CapturedStep, Diagnosis> = { kind: "passes" },
  onPart?: (part: string) => void,
): Promise<Finding<CapturedStep, Diagnosis> | null> {
  const step = checked(thing<CapturedStep>(isObject, "a case, state and batch"), captured, "captured");
  const { testCase, state, batch } = checkedStep({ ...step, testCase: step.case }, "captured");
  const hosts = enginesOf(others, "others");
  const tell = checked(callback<NonNullable<typeof onPart>>().optional(), onPart, "onPart");
  const stages = findingStages({
    host: engineOf(engine),
    captured: { case: testCase, state, batch },
    death: checked(diagnoses, death, "death") as unknown as Diagnosis,
    provenance: given(checked(origins, origin, "provenance")) as typeof origin,
    others: async () => hosts,
    shrinking: given(checked(shrinkings, shrinking, "shrinking")) as typeof shrinking,
  });
  for await (const stage of stages) {
    if (stage.kind === "confirming") tell?.(`confirming it on ${stage.on.join(", ")}`);
    if (stage.kind === "tryingFixes") tell?.("trying the known fixes on it");
    if (stage.kind === "done") return stage.finding;
  }
  return null;
}

/** A run of the LSTM that dies. */
type LstmRun = DyingRun<TrainingCase, CapturedStep, Diagnosis>;
/** The smallest one found. */
type SmallestRun = ShrunkRun<TrainingCase, CapturedStep, Diagnosis>;

/** Runs cases from their start. */
export class RunAttempts {
  readonly #inner: Attempts<TrainingCase, CapturedStep, Diagnosis>;

  /** @param folder The folder that the relative path of a text starts from. */
  constructor(engine: Engine, folder: string) {
    this.#inner = new Attempts(engineOf(engine), checked(path, folder, "folder"));
  }

  /** The attempts inside, which run cases that are checked already. */
  static innerOf(attempts: RunAttempts): Attempts<TrainingCase, CapturedStep, Diagnosis> {
    const own = thing<RunAttempts>((value) => isObject(value) && #inner in value, "a RunAttempts");
    return checked(own, attempts, "attempts").#inner;
  }

  /**
   * Trains a case from its start.
   * @returns Null when it lives, is interrupted, or running its last step again does not show why it died.
   * @throws UsageError when it is no valid case, its text cannot be read or the engine cannot run it.
   */
  async run(testCase: TrainingCase, signal?: AbortSignal): Promise<LstmRun | null> {
    const stop = checked(stopSignal.optional(), signal, "signal") as AbortSignal | undefined;
    return this.#inner.run(checkedCase(testCase), stop);
  }
}

/**
 * Looks for the smallest fresh run that dies the same way. Every candidate is a new chaotic run, so that what was cut
 * off a run that lives may still be cut off another: each cut is tried with several starts, the widest cuts first, and
 * dying the same way asks for phase and mechanism alone. What is accepted is simpler in the order of cases.
 * @param start A fresh run that dies within its steps.
 * @returns Null when it does not.
 * @throws UsageError when an argument is not what it should be.
 */
export async function shrinkRun(
  attempts: RunAttempts,
  start: TrainingCase,
  options: ShrinkRunOptions<TrainingCase> = {},
): Promise<SmallestRun | null> {
  const valid = given(checked(searches, options, "options")) as ShrinkRunOptions<TrainingCase>;
  return shrink(RunAttempts.innerOf(attempts), checkedCase(start, "start"), valid);
}

/**
 * Makes a run fixture of the smallest run found.
 * @param others Engines to try it on. A run from its start may diverge there, which the fixture says then; its fatal step
 * by itself is what confirms it.
 * @throws UsageError when an argument is not what it should be.
 */
export async function runFinding(
  engine: Engine,
  shrunk: SmallestRun,
  origin: RunOrigin<TrainingCase>,
  others: readonly Engine[],
): Promise<RunFinding> {
  const found = thing<SmallestRun>(
    (value) => isObject(value) && isObject(value.run) && isObject(value.run.fatal),
    "what shrinkRun makes",
  );
  const { run, ...rest } = checked(found, shrunk, "shrunk");
  const from = z.strictObject({ provenance: origins, run: z.unknown(), folder: path });
  const { provenance: about, folder, run: whole } = checked(from, origin, "origin");
  return findRun(
    engineOf(engine),
    { ...rest, run: { ...run, case: checkedCase(run.case, "shrunk.run.case") } },
    {
      provenance: given(about) as RunOrigin["provenance"],
      run: checkedCase(whole, "origin.run"),
      folder,
    },
    { others: enginesOf(others, "others") },
  );
}
