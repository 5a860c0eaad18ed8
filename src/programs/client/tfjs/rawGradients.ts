import { engine } from "./engine.ts";
import { sumOfSquares } from "./look.ts";
import type { DataId } from "./types.ts";

/** The gradients that the step's calls gave, before the person changed them. */
export interface RawGradients {
  /** Their global 2-norm, or null where none were asked for. */
  norm: number | null;
  /** The key of the value that they are the gradients of. */
  value: DataId | null;
}

/** Sees what the engine computes as gradients, until `end` is called. */
export function watchRawGradients(): { end(): RawGradients } {
  const tf = engine();
  const own = Object.getOwnPropertyDescriptor(tf, "gradients");
  const compute = tf.gradients;
  const raw: RawGradients = { norm: null, value: null };
  tf.gradients = function (this: typeof tf, ...given) {
    const found = compute.apply(this, given);
    const sum = found.grads.reduce(
      (sum, gradient) => sum + (gradient === null || gradient === undefined ? 0 : sumOfSquares(gradient)),
      0,
    );
    raw.norm = Math.hypot(raw.norm ?? 0, Math.sqrt(sum));
    raw.value = found.value.dataId;
    return found;
  };
  return {
    end: () => {
      if (own) Object.defineProperty(tf, "gradients", own);
      else delete (tf as { gradients?: unknown }).gradients;
      return raw;
    },
  };
}
