import type { CapturedStep } from "../cases/capturedStep.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { Engine } from "../engines/engine.ts";

/** Growth of the cell of one layer over the timesteps of a row. */
export interface CellGrowth {
  layer: number;
  /** |cell| at the last finite timestep over that at the one before it; to two digits. */
  factor: number;
}

/**
 * Growth of the cell in the row of the site, in the layer at or below it whose cell was largest; null where it did not
 * grow at its last finite timestep. Divisions alone, so that the same bits give the same factor on every machine.
 */
export function cellGrowthIn(engine: Engine, step: CapturedStep, { site }: Diagnosis): CellGrowth | null {
  const { batch, case: testCase, state } = step;
  const row = site === null || site.timestep === null ? 0 : site.row;
  const length = batch.lengths[row] ?? 0;
  const last: number[] = [];
  const factors: number[] = [];
  const training = engine.start(testCase, state);
  try {
    for (const { phase, timestep, layer, tensors } of training.trace(batch)) {
      if (phase !== "forward") break;
      const cell = tensors.find(({ name }) => name === "cell");
      if (timestep === null || layer === null || cell === undefined || timestep >= length) continue;
      if (layer > (site?.layer ?? layer)) continue;
      const values = cell.values.subarray(row * cell.columns, (row + 1) * cell.columns);
      const largest = Math.max(...values.map(Math.abs));
      if (!Number.isFinite(largest)) continue;
      const before = last[layer] ?? 0;
      if (before > 0) factors[layer] = largest / before;
      last[layer] = largest;
    }
  } finally {
    training.dispose();
  }
  const layer = last.indexOf(Math.max(...last));
  const factor = Number((factors[layer] ?? 0).toPrecision(2));
  return factor > 1 ? { layer, factor } : null;
}
