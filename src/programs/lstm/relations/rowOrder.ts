import type { Batch } from "../cases/batch.ts";
import { agreement, type Relation } from "./relation.ts";
import { takeStep } from "./sharedStep.ts";

/** The order of a batch's rows changes nothing: the last row comes first. */
export const rowOrder: Relation = {
  name: "row order changes nothing",
  check: (engine, step) =>
    agreement(engine, step, takeStep(engine, { ...step, batch: reversed(step.batch) })),
};

function reversed(batch: Batch): Batch {
  const turn = (values: Float32Array): Float32Array => {
    const size = values.length / batch.rows;
    const turned = new Float32Array(values.length);
    for (let row = 0; row < batch.rows; row++)
      turned.set(values.subarray(row * size, (row + 1) * size), (batch.rows - 1 - row) * size);
    return turned;
  };
  return { ...batch, x: turn(batch.x), y: turn(batch.y), lengths: batch.lengths.slice().reverse() };
}
