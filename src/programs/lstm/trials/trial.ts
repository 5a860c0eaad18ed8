import type { StopSignal } from "../../run.ts";
import { DEFAULT_INVARIANTS, watchAll } from "../../stepInvariant.ts";
import { gauge } from "../../stepRecord.ts";
import type { Trial } from "../../trial.ts";
import type { DataSource } from "../cases/batch.ts";
import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState, type TrainingState } from "../cases/state.ts";
import type { Engine } from "../engines/engine.ts";
import { sibling } from "../fixes/sibling.ts";

/** Batches that a validation loss is taken over. */
const VALIDATION_BATCHES = 8;
/** Milliseconds between two turns of the event loop. */
const TURN_MS = 30;

/** Trains a case with a remedy from its start, and takes its loss and its validation loss at the end. */
export async function trial(
  engine: Engine,
  { fixed, before }: { fixed: TrainingCase; before: TrainingCase },
  files: { folder: string; binary?: Uint8Array },
  signal: StopSignal,
): Promise<Trial> {
  const data = openData(fixed, files);
  const training = engine.start(fixed, initialState(fixed, files.binary));
  const look = watchAll(engine.invariants ?? DEFAULT_INVARIANTS);
  const dead = { loss: Number.NaN, validationLoss: Number.NaN };
  const losses: number[] = [];
  let skipped = 0;
  let turned = performance.now();
  try {
    for (let step = 0; step < fixed.steps; step++) {
      if (performance.now() - turned > TURN_MS) {
        await new Promise(setImmediate);
        turned = performance.now();
      }
      if (signal.aborted) return { lives: null, steps: step, skipped, ...dead };
      const record = training.step(data.batch(step));
      skipped += record.skipped ? 1 : 0;
      losses.push(gauge(record, "cosineDistance"));
      if (look(record) !== null) return { lives: false, steps: step + 1, skipped, ...dead };
    }
    const validationLoss = validation(engine, { fixed, before }, training.state(), files);
    return { lives: true, steps: fixed.steps, skipped, loss: mean(newest(losses)), validationLoss };
  } finally {
    training.dispose();
  }
}

/** The loss of the case without the remedy, over data of another seed where it has one; else over its own. */
function validation(
  engine: Engine,
  { fixed, before }: { fixed: TrainingCase; before: TrainingCase },
  state: TrainingState,
  files: { folder: string; binary?: Uint8Array },
): number {
  const judged = { ...fixed, loss: before.loss };
  const batches = unseen(openData(sibling(judged, "validation"), files));
  const training = engine.start(judged, state);
  try {
    return mean(batches.map((batch) => training.evaluate(batch)));
  } finally {
    training.dispose();
  }
}

/** Batches kept apart from training where there are any. */
function unseen(data: DataSource) {
  const kept = [...first(data.validation(), VALIDATION_BATCHES)];
  if (kept.length > 0) return kept;
  const count = Math.min(VALIDATION_BATCHES, data.batchesPerEpoch);
  return Array.from({ length: count }, (_, step) => data.batch(step));
}

function* first<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken++ === count) return;
    yield item;
  }
}

/** Of the losses of a run those of its last tenth. */
function newest(losses: readonly number[]): readonly number[] {
  return losses.slice(-Math.ceil(losses.length / 10));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
