import type { CapturedStep } from "../cases/capturedStep.ts";
import type { Engine } from "../engines/engine.ts";

/** The cells of one layer over the timesteps of one row, as long as they are finite. */
export interface Cells {
  /** The largest |cell| at each timestep. */
  largest: number[];
  /** The unit that has it at the last of them. */
  unit: number;
  /** The hidden states one timestep before that. */
  before: Float32Array;
}

/** Traces a step, and notes the cells of a layer in a row. */
export function cellsOf(
  engine: Engine,
  step: CapturedStep,
  { row, layer }: { row: number; layer: number },
): Cells {
  const cells: Cells = { largest: [], unit: 0, before: new Float32Array() };
  let hidden = new Float32Array(step.case.model.layers[layer]?.units ?? 0);
  const training = engine.start(step.case, step.state);
  try {
    for (const { phase, timestep, layer: at, tensors } of training.trace(step.batch)) {
      if (phase !== "forward") break;
      if (timestep === null || at !== layer || timestep > (step.batch.lengths[row] ?? 0)) continue;
      const of = (name: string) => {
        const tensor = tensors.find((one) => one.name === name);
        return tensor?.values.slice(row * tensor.columns, (row + 1) * tensor.columns) ?? new Float32Array();
      };
      const magnitudes = of("cell").map(Math.abs);
      const largest = Math.max(...magnitudes);
      if (!Number.isFinite(largest)) break;
      cells.largest.push(largest);
      cells.unit = magnitudes.indexOf(largest);
      cells.before = hidden;
      hidden = of("hidden");
    }
  } finally {
    training.dispose();
  }
  return cells;
}
