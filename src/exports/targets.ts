import type { Target } from "./target.ts";
import { jax } from "./targets/jax.ts";
import { keras } from "./targets/keras.ts";
import { numpy } from "./targets/numpy.ts";
import { pytorch } from "./targets/pytorch.ts";
import { tensorflow1 } from "./targets/tensorflow1.ts";
import { tfjs } from "./targets/tfjs.ts";

/** The names that `--to` takes. */
export const TARGET_NAMES = ["tfjs", "pytorch", "keras", "tensorflow1", "jax", "numpy"] as const;
/** One of {@link TARGET_NAMES}. */
export type TargetName = (typeof TARGET_NAMES)[number];

/**
 * Every target of a fixture of the LSTM. A target is a file in `targets/` and its line here; what fixtures of other programs
 * are exported to has a table of its own, because it is given their files and not an LSTM's numbers.
 */
export const TARGETS: Readonly<Record<TargetName, Target>> = {
  tfjs,
  pytorch,
  keras,
  tensorflow1,
  jax,
  numpy,
};
