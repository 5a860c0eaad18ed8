import type { Batch } from "../../cases/batch.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import { targetWidth } from "../../cases/shapes.ts";
import { range, submatrix } from "./matrix.ts";

/** The step on another batch of the same widths; its case names the batch's sizes and none of its numbers. */
export function onBatch({ case: testCase, state }: CapturedStep, batch: Batch): CapturedStep {
  const { time, lengths } = batch;
  const place = { byteOffset: 0 };
  const data = { kind: "explicit" as const, batches: [{ time, lengths: [...lengths], x: place, y: place }] };
  return { case: { ...testCase, data, steps: 1 }, state, batch };
}

/** The step on some rows of its batch, in the order given. */
export function pickRows(step: CapturedStep, rows: readonly number[]): CapturedStep {
  return pickPlaces(step, rows, range(step.batch.time));
}

/** The step on some timesteps of its batch, ascending; a row keeps of its length what is kept of its timesteps. */
export function pickTimesteps(step: CapturedStep, timesteps: readonly number[]): CapturedStep {
  return pickPlaces(step, range(step.batch.rows), timesteps);
}

/** The step on the first timesteps of its batch. */
export function cutTime(step: CapturedStep, time: number): CapturedStep {
  return pickTimesteps(step, range(time));
}

function pickPlaces(step: CapturedStep, rows: readonly number[], timesteps: readonly number[]): CapturedStep {
  const { batch, case: testCase } = step;
  const places = rows.flatMap((row) => timesteps.map((t) => row * batch.time + t));
  const pick = (values: Float32Array, width: number) => submatrix(values, width, places, range(width));
  return onBatch(step, {
    rows: rows.length,
    time: timesteps.length,
    x: pick(batch.x, testCase.model.inputs),
    y: pick(batch.y, targetWidth(testCase.model)),
    lengths: Int32Array.from(rows, (row) => {
      const length = batch.lengths[row] ?? 0;
      return timesteps.filter((t) => t < length).length;
    }),
  });
}
