import { finite, type StepInvariant, stepwise } from "../programs/stepInvariant.ts";
import { GAUGES, gauge, type StepRecord } from "../programs/stepRecord.ts";
import { SKIPS } from "./notStalled.ts";

/** An invariant that `--invariant` knows by name. */
interface NamedInvariant {
  description: string;
  /** What it is held to where no bound is given; null for one that takes no bound. */
  bound: number | null;
  make(spec: string, bound: number): StepInvariant;
}

/** Below 1.84e19, where a square overflows in Adam's second moment, with some room. */
const BOUND = 1e18;

/** The end of the names of gauges that measure a gradient, or a part of it, before clipping. */
const GRADIENT_NORM = /(^raw|\/)gradientNorm$/i;

/**
 * Every invariant that `--invariant` takes by name. `frozen-parameter` is not among them: that the bits of one weight did
 * not change in a step is nothing that a step record tells.
 */
export const NAMED_INVARIANTS: Readonly<Record<string, NamedInvariant>> = {
  finite: {
    description: "loss, clipped gradients, weights and the optimizer's state are finite; always on",
    bound: null,
    make: () => finite,
  },
  exploding: {
    description: "the loss and everything that is measured of a step stays below the bound",
    bound: BOUND,
    make: (spec, bound) =>
      stepwise(
        "exploding",
        ({ loss, gauges }) => {
          const grown = [["loss", loss] as const, ...Object.entries(gauges)].find(
            ([, value]) => Math.abs(value) >= bound,
          );
          if (grown === undefined) return null;
          const [name, value] = grown;
          return { gauge: name, message: `${name} is ${value}, not below ${bound}` };
        },
        spec,
      ),
  },
  "raw-gradient": {
    description: "the gradient's norm before clipping is finite and below the bound",
    bound: BOUND,
    make: (spec, bound) =>
      stepwise(
        "raw-gradient",
        (record) => {
          const norm = gauge(record, GAUGES.rawGradientNorm);
          if (record.finite.rawGradients && norm < bound) return null;
          return {
            gauge: GAUGES.rawGradientNorm,
            message: `the gradient norm is ${norm}, not below ${bound}`,
          };
        },
        spec,
      ),
  },
  "dead-gradient": {
    description: "the gradient before clipping is 0 nowhere: not as a whole, and not of a layer",
    bound: null,
    make: (spec) =>
      stepwise(
        "dead-gradient",
        ({ gauges }) => {
          const dead = Object.entries(gauges).find(([name, norm]) => norm === 0 && GRADIENT_NORM.test(name));
          return dead === undefined ? null : { gauge: dead[0], message: `${dead[0]} is 0` };
        },
        spec,
      ),
  },
  stuck: {
    description: "the optimizer is given a gradient that is not 0 wherever there was one before clipping",
    bound: null,
    make: (spec) =>
      stepwise(
        "stuck",
        (record) => {
          const raw = gauge(record, GAUGES.rawGradientNorm);
          if (gauge(record, GAUGES.appliedGradientNorm) !== 0 || raw === 0) return null;
          return {
            gauge: GAUGES.appliedGradientNorm,
            message: `the clipped gradient is 0, and its norm before was ${raw}`,
          };
        },
        spec,
      ),
  },
  "not-stalled": {
    description: `no ${SKIPS} updates in a row are left out, and the optimizer's state is finite`,
    bound: null,
    make: (spec) => ({
      name: "not-stalled",
      spec,
      watch() {
        let skips = 0;
        return ({ skipped }: StepRecord) => {
          skips = skipped ? skips + 1 : 0;
          return skips < SKIPS
            ? null
            : { gauge: "skipped", message: `the last ${SKIPS} updates were left out` };
        };
      },
    }),
  },
};
