import type { CapturedStep } from "../cases/capturedStep.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { Engine } from "../engines/engine.ts";

/** A gradient counts as grown over the timesteps by this factor. */
const GROWN = 1e3;

/** Growth of the largest gradient of a step from its last timestep back to its first. */
export interface BackwardGrowth {
  timesteps: number;
  /** Its growth factor a timestep, to two digits; null where it did not grow a thousandfold in all. */
  factor: number | null;
  /** The largest gradient of a timestep's cells and hidden states, by timestep. */
  largest: readonly number[];
  /** The timestep from which it grew, and the earlier one at which it was largest. */
  from: number;
  to: number;
}

/**
 * Growth of the gradients over the timesteps before one of them was too large for Adam's second moment. Null of other
 * deaths, and of steps of one timestep.
 */
export function backwardGrowthIn(
  engine: Engine,
  step: CapturedStep,
  { mechanism }: Diagnosis,
): BackwardGrowth | null {
  if (mechanism !== "second-moment-overflow") return null;
  const largest: number[] = [];
  const training = engine.start(step.case, step.state);
  try {
    for (const { phase, timestep, layer, tensors } of training.trace(step.batch)) {
      if (phase !== "backward" || timestep === null || layer === null) continue;
      const cells = tensors.filter(({ name }) => name === "cellGradient" || name === "hiddenGradient");
      for (const { values } of cells)
        for (const value of values)
          if (Number.isFinite(value)) largest[timestep] = Math.max(largest[timestep] ?? 0, Math.abs(value));
    }
  } finally {
    training.dispose();
  }
  const timesteps = largest.length;
  if (timesteps < 2) return null;
  // From where it is least to where it is largest before that, going back.
  const all = Array.from(largest, (value) => value ?? 0);
  const first = Math.max(...all);
  const to = all.indexOf(first);
  const later = all.slice(to + 1).filter((value) => value > 0);
  const least = Math.min(first, ...later);
  const from = all.lastIndexOf(least);
  const found = { timesteps, largest: all, from, to };
  if (from <= to || first < GROWN * least) return { ...found, factor: null };
  // A root by Math.pow is good to two digits on every machine.
  return { ...found, factor: Number(((first / least) ** (1 / (from - to))).toPrecision(2)) };
}
