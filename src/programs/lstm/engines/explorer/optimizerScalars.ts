import type { OptimizerSpec } from "../../cases/schema.ts";
import type { Arena } from "./arena.ts";

/** b1^t and b2^t, kept as TensorFlow keeps them: float32 multiplied at every step, not Math.pow. */
export interface BetaPowers {
  beta1: number;
  beta2: number;
}

/** The powers one step on. */
export function nextPowers(spec: OptimizerSpec, { beta1, beta2 }: BetaPowers): BetaPowers {
  if (spec.kind === "sgd") return { beta1, beta2 };
  return {
    beta1: Math.fround(beta1 * Math.fround(spec.beta1)),
    beta2: Math.fround(beta2 * Math.fround(spec.beta2)),
  };
}

/** The powers after t steps. They stop changing, at 0 or where a product rounds to itself, and the loop ends there. */
export function betaPowers(spec: OptimizerSpec, t: number): BetaPowers {
  let powers = { beta1: 1, beta2: 1 };
  for (let k = 0; k < t; k++) {
    const next = nextPowers(spec, powers);
    if (next.beta1 === powers.beta1 && next.beta2 === powers.beta2) break;
    powers = next;
  }
  return powers;
}

/** Writes what the optimizer kernels multiply by in every step alike. */
export function writeOptimizerConstants(arena: Arena, spec: OptimizerSpec): void {
  const f = Math.fround;
  arena.set("rate", f(spec.learningRate));
  if (spec.kind === "sgd") return;
  const keep1 = f(spec.beta1);
  const keep2 = f(spec.beta2);
  arena.set("keep1", keep1);
  arena.set("keep2", keep2);
  arena.set("take1", f(1 - keep1));
  arena.set("take2", f(1 - keep2));
  arena.set("optimizerEpsilon", spec.epsilon);
}

/** Writes what they multiply by in the step whose powers are given. */
export function writeOptimizerScalars(arena: Arena, spec: OptimizerSpec, powers: BetaPowers): void {
  if (spec.kind === "sgd") return;
  const f = Math.fround;
  const correction1 = f(1 - powers.beta1);
  const correction2 = f(1 - powers.beta2);
  if (spec.form === "tf1") {
    arena.set("rate", f(f(f(spec.learningRate) * f(Math.sqrt(correction2))) / correction1));
    return;
  }
  arena.set("correction1", correction1);
  arena.set("correction2", correction2);
}
