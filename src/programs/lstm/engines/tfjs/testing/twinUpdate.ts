import type { OptimizerSpec } from "../../../cases/schema.ts";

/** One run of numbers with Adam's moments, in float64. */
export interface Slot64 {
  w: number[];
  m: number[];
  v: number[];
}

/** The gradients that the optimizer is given, in float64. */
export function twinClip(spec: OptimizerSpec["clip"], gradients: number[]): number[] {
  if (spec.kind === "none") return gradients;
  if (spec.kind === "value") return gradients.map((g) => Math.max(-spec.limit, Math.min(spec.limit, g)));
  const norm = Math.hypot(...gradients);
  return norm > spec.limit ? gradients.map((g) => (g * spec.limit) / norm) : gradients;
}

/** Step t (from 1) of the optimizer, in float64 and with Math.pow. */
export function twinUpdate(spec: OptimizerSpec, { w, m, v }: Slot64, g: number[], t: number): Slot64 {
  const at = (values: number[], i: number) => values[i] as number;
  if (spec.kind === "sgd") return { w: w.map((x, i) => x - spec.learningRate * at(g, i)), m, v };
  const { beta1, beta2, learningRate, epsilon, form } = spec;
  const first = m.map((x, i) => beta1 * x + (1 - beta1) * at(g, i));
  const second = v.map((x, i) => beta2 * x + (1 - beta2) * at(g, i) ** 2);
  const [left1, left2] = [1 - beta1 ** t, 1 - beta2 ** t];
  const step = (i: number) =>
    form === "tf1"
      ? (((learningRate * Math.sqrt(left2)) / left1) * at(first, i)) / (Math.sqrt(at(second, i)) + epsilon)
      : (learningRate * (at(first, i) / left1)) / (Math.sqrt(at(second, i) / left2) + epsilon);
  return { w: w.map((x, i) => x - step(i)), m: first, v: second };
}
