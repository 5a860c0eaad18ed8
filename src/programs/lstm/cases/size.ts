import type { CaseSize } from "../../program.ts";
import type { TrainingCase } from "./schema.ts";

/** Rows and padded width of each batch of a case; a text names one size for all of its batches. */
export function batchSizes({ data }: TrainingCase): { rows: number; time: number }[] {
  if (data.kind === "text") return [{ rows: data.batch, time: data.maxLength }];
  return data.batches.map((batch) => ({
    rows: "rows" in batch ? batch.rows.length : batch.lengths.length,
    time: batch.time,
  }));
}

/** The size of a case whose written numbers are these. */
export function caseSize(testCase: TrainingCase, written: readonly Float32Array[]): CaseSize {
  const sizes = batchSizes(testCase);
  return {
    rows: Math.max(...sizes.map(({ rows }) => rows)),
    time: Math.max(...sizes.map(({ time }) => time)),
    layers: testCase.model.layers.length,
    units: unitsOf(testCase),
    steps: testCase.steps,
    numbers: written.reduce((sum, values) => sum + values.length, 0),
    nonZero: nonZeroOf(written),
  };
}

/** Units of all layers together. */
export function unitsOf({ model }: TrainingCase): number {
  return model.layers.reduce((sum, { units }) => sum + units, 0);
}

/** Counts the numbers that are not 0. */
export function nonZeroOf(written: readonly Float32Array[]): number {
  let count = 0;
  for (const values of written) for (let i = 0; i < values.length; i++) if (values[i] !== 0) count += 1;
  return count;
}
