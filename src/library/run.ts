import * as z from "zod";
import type { Batch, DataSource } from "../programs/lstm/cases/batch.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { type Diagnosis, diagnose as diagnoseStep } from "../programs/lstm/diagnosis/diagnosis.ts";
import type { TraceGroup } from "../programs/lstm/diagnosis/trace.ts";
import type { Engine, Training } from "../programs/lstm/engines/engine.ts";
import { type RunOptions, run as runCase } from "../programs/lstm/engines/run.ts";
import { type RunHooks, train as trainCase } from "../programs/lstm/engines/train.ts";
import { isFatal as isFatalRecord, type StepRecord } from "../programs/stepRecord.ts";
import type { Trajectory } from "../programs/trajectory.ts";
import { callback, checked, given, hasMethods, isObject, path, stopSignal, thing } from "./check.ts";
import { engineName, engineOf } from "./engines.ts";
import { checkedBatch, checkedData } from "./numbers.ts";
import { checkedCase, checkedShape } from "./testCases.ts";

const hooks = z.strictObject({
  onStep: callback<NonNullable<RunHooks["onStep"]>>().optional(),
  signal: stopSignal.optional(),
});
const options = hooks.extend({ engine: z.unknown().optional(), folder: path.optional() });

/**
 * Runs a case from its start to its end or its death.
 * @throws UsageError when case or options are not what they should be, the case's text cannot be read, or the engine
 * cannot run it (UnsupportedCaseError).
 */
export async function run(testCase: TrainingCase, runOptions: RunOptions = {}): Promise<Trajectory> {
  const valid = checkedCase(testCase);
  const { engine, ...others } = checked(options, runOptions, "options");
  const named =
    engine === undefined || typeof engine === "string"
      ? checked(engineName.optional(), engine, "options.engine")
      : engineOf(engine as Engine, "options.engine");
  return runCase(valid, given({ ...others, engine: named }) as RunOptions);
}

/**
 * Trains until the case's steps are done, a step is fatal or the signal says stop. The training
 * is after the last step then and stays open: its owner disposes of it.
 * @throws UsageError when an argument, or a batch of the data, is not what the case asks for.
 */
export async function train(
  engine: Engine,
  testCase: TrainingCase,
  training: Training,
  data: DataSource,
  runHooks: RunHooks = {},
): Promise<Trajectory> {
  const valid = checkedShape(testCase);
  const open = thing<Training>(
    (value) => hasMethods(value, "step", "state", "previousState"),
    "what engine.start opens",
  );
  return trainCase(
    engineOf(engine),
    valid,
    checked(open, training, "training"),
    checkedData(data, valid),
    given(checked(hooks, runHooks, "hooks")) as RunHooks,
  );
}

/**
 * True where the step killed the run: a value that is not finite in the loss, the gradients, the
 * weights or the moments. A step that `skipNonFinite` left out kills nothing.
 */
export function isFatal(record: StepRecord): boolean {
  if (isStepRecord(record)) return isFatalRecord(record);
  checked(thing<StepRecord>(isStepRecord, "the record of a step"), record, "record");
  return false;
}

/** True for the record of a step, by the fields that show its death. Asked at every step, so by hand. */
export function isStepRecord(value: unknown): value is StepRecord {
  return isObject(value) && typeof value.skipped === "boolean" && isObject(value.finite);
}

/**
 * Reads the trace of a fatal step until the first non-finite value that lasts and the first NaN
 * are found.
 * @returns Null when every value of the trace is finite, or ends without harm.
 */
export function diagnose(
  testCase: TrainingCase,
  batch: Batch,
  trace: Iterable<TraceGroup>,
): Diagnosis | null {
  const valid = checkedShape(testCase);
  const groups = thing<Iterable<TraceGroup>>(
    (value) => isObject(value) && Symbol.iterator in value,
    "what training.trace hands out",
  );
  return diagnoseStep(valid, checkedBatch(batch, valid), checkedGroups(checked(groups, trace, "trace")));
}

/** The groups of a trace, looked at as they come: a trace is made while it is read. */
function* checkedGroups(trace: Iterable<TraceGroup>): Generator<TraceGroup> {
  const group = thing<TraceGroup>(
    (value) => isObject(value) && typeof value.phase === "string" && Array.isArray(value.tensors),
    "a group of a trace",
  );
  let index = 0;
  for (const next of trace) {
    yield checked(group, next, `trace[${index}]`);
    index += 1;
  }
}
