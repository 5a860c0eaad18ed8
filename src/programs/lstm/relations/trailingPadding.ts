import type { Batch } from "../cases/batch.ts";
import { agreement, type Relation } from "./relation.ts";
import { takeStep } from "./sharedStep.ts";

/** Timesteps that are added. */
const COLUMNS = 3;

/** Zero vectors after the end of every row, its length kept, change nothing. */
export const trailingColumns: Relation = {
  name: "trailing padding changes nothing",
  check: (engine, step) =>
    agreement(engine, step, takeStep(engine, { ...step, batch: wider(step.batch, COLUMNS) })),
};

/** A row of length 0 changes nothing. */
export const paddingRow: Relation = {
  name: "an all-padding row changes nothing",
  check: (engine, step) =>
    agreement(engine, step, takeStep(engine, { ...step, batch: withEmptyRow(step.batch) }), "without maxima"),
};

/** The batch with zero vectors after every row. */
function wider(batch: Batch, columns: number): Batch {
  const time = batch.time + columns;
  const widen = (values: Float32Array): Float32Array => {
    const row = values.length / batch.rows;
    const wide = new Float32Array((values.length / batch.time) * time);
    for (let r = 0; r < batch.rows; r++)
      wide.set(values.subarray(r * row, (r + 1) * row), (r * row * time) / batch.time);
    return wide;
  };
  return { ...batch, time, x: widen(batch.x), y: widen(batch.y) };
}

/** The batch with one row more at its end, which holds padding only. */
function withEmptyRow(batch: Batch): Batch {
  const longer = (values: Float32Array): Float32Array => {
    const more = new Float32Array(values.length + values.length / batch.rows);
    more.set(values);
    return more;
  };
  return {
    ...batch,
    rows: batch.rows + 1,
    x: longer(batch.x),
    y: longer(batch.y),
    lengths: Int32Array.from([...batch.lengths, 0]),
  };
}
