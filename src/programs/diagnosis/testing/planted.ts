import type { Trace } from "../../trace/trace.ts";
import { HandMade } from "./handMade.ts";

/** A death that is known: its signature, and a trace of it. */
export interface Planted {
  signature: string;
  /** The fault that is planted, where the signature does not say it. */
  what?: string;
  /** The line of the site, where it is not 1. */
  line?: number;
  trace: Trace;
}

/** Makes a trace by hand. */
export function byHand(make: (trace: HandMade) => Trace): Trace {
  return make(new HandMade());
}

/** A forward pass of one operation on a weight, whose output is the loss. */
export function one(operation: string, from: readonly number[], to: readonly number[], dtype = "F32"): Trace {
  return byHand((t) => {
    const loss = t.run(operation, [t.given("weight/w", from, dtype)], to, { dtype });
    return t.trace({ loss });
  });
}

/** The same of an operation on two. */
export function two(
  operation: string,
  a: readonly number[],
  b: readonly number[],
  to: readonly number[],
  dtype = "F32",
): Trace {
  return byHand((t) => {
    const inputs = [t.given("weight/w", a, dtype), t.given("batch/0", b, dtype)];
    return t.trace({ loss: t.run(operation, inputs, to, { dtype }) });
  });
}

/** A state that is multiplied by a factor a timestep until it overflows. */
export function recurrence(product: string, add: string, factor: number, timesteps: number): Trace {
  return byHand((t) => {
    const kernel = t.given("weight/kernel", [factor]);
    const input = t.given("batch/0", [1]);
    let state = t.given(null, [0]);
    for (let timestep = 0; timestep < timesteps; timestep++) {
      const about = { timestep, execution: timestep, of: timesteps };
      const moved = Math.fround((state.numbers[0] ?? 0) * factor);
      const product_ = t.run(product, [state, kernel], [moved], { ...about, line: 20, whole: true });
      state = t.run(add, [product_, input], [Math.fround(moved + 1)], { ...about, line: 21 });
    }
    return t.trace({ loss: state });
  });
}
