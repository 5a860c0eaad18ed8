import type { Batch } from "../../cases/batch.ts";
import type { LossSpec } from "../../cases/schema.ts";

/** The cosine distance and its gradient by the outputs; at timesteps past a row's end it is 0. */
export function twinLoss(spec: LossSpec, outputs: Float64Array, batch: Batch, units: number) {
  const { rows, time, y, lengths } = batch;
  const counted = spec.padding === "counted";
  const inside = (row: number, t: number) => t < (lengths[row] ?? 0);
  const rowsCounted = lengths.filter((length) => counted || length > 0).length;
  const stepsCounted = counted ? rows * time : lengths.reduce((sum, length) => sum + length, 0);
  const count = Math.max(1, spec.axis === "time" ? rowsCounted * units : stepsCounted);
  const gradient = new Float64Array(outputs.length);
  // 1 for each distance that is counted, less every product inside a row.
  let sum = spec.axis === "time" ? rowsCounted * units : stepsCounted;
  for (let row = 0; row < rows; row++)
    for (let t = 0; t < time; t++) {
      if (!inside(row, t)) continue;
      const at = (row * time + t) * units;
      const target = twinNormalise(spec.normalise, Float64Array.from(y.subarray(at, at + units)));
      const x = outputs.slice(at, at + units);
      const unit = twinNormalise(spec.normalise, x);
      unit.forEach((value, u) => {
        sum -= value * (target[u] ?? 0);
      });
      gradient.set(
        twinNormaliseGradient(
          spec.normalise,
          x,
          target.map((value) => -value / count),
        ),
        at,
      );
    }
  return { distance: sum / count, gradient };
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** The divisor of each form, where |x| is `norm`: y = x / divisor. */
function divisorOf(spec: LossSpec["normalise"], norm: number): number {
  if (spec.kind === "tensorflow") return Math.sqrt(Math.max(norm * norm, 1e-12));
  if (spec.kind === "safe") return Math.max(norm, 1e-6);
  return spec.kind === "epsilon" ? norm + spec.epsilon : norm;
}

/** The unit vector of x in float64. */
export function twinNormalise(spec: LossSpec["normalise"], x: Float64Array): Float64Array {
  const divisor = divisorOf(spec, Math.sqrt(dot(x, x)));
  return x.map((value) => value / divisor);
}

/** Gradient by x of g . normalise(x), for x that is not zero. */
export function twinNormaliseGradient(
  spec: LossSpec["normalise"],
  x: Float64Array,
  g: Float64Array,
): Float64Array {
  const norm = Math.sqrt(dot(x, x));
  const divisor = divisorOf(spec, norm);
  const atFloor = (spec.kind === "tensorflow" || spec.kind === "safe") && norm < 1e-6;
  const along = atFloor ? 0 : dot(g, x) / (divisor * divisor * norm);
  return x.map((value, i) => (g[i] ?? 0) / divisor - value * along);
}
