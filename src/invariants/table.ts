import { finite, type StepInvariant, stepwise } from "../programs/stepInvariant.ts";
import { GAUGES, gauge, type StepRecord } from "../programs/stepRecord.ts";
import { SKIPS } from "./notStalled.ts";

/** An invariant that `--invariant` knows by name. */
interface NamedInvariant {
  description: string;
  /** The bound where none is given; null for one that takes no bound. */
  bound: number | null;
  make(spec: string, bound: number): StepInvariant;
}

/** Below 1.84e19, where a square overflows in Adam's second moment, with some room. */
const BOUND = 1e18;

/** The end of the names of gauges that measure a gradient, or a part of it, before clipping. */
const GRADIENT_NORM = /(^raw|\/)gradientNorm$/i;

/** Steps in a row after which a weight that does not move counts as frozen: one step without a change is often sound. */
const STILL = 10;

/**
 * Watches for a name that is in every record for so many steps.
 * @param namesIn The names of a record.
 */
function lastingIn(namesIn: (record: StepRecord) => readonly string[], steps: number) {
  let counts = new Map<string, number>();
  return (record: StepRecord): string | null => {
    counts = new Map(namesIn(record).map((name) => [name, (counts.get(name) ?? 0) + 1]));
    return [...counts].find(([, count]) => count >= steps)?.[0] ?? null;
  };
}

/** Every invariant that `--invariant` takes by name. `frozen-parameter` says nothing of the LSTM, whose records do not tell it. */
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
  "frozen-parameter": {
    description: "of a program of your own: no weight keeps its bits for so many steps in a row",
    bound: STILL,
    make: (spec, bound) => ({
      name: "frozen-parameter",
      spec,
      watch() {
        const look = lastingIn(({ frozen = [] }) => frozen, bound);
        return (record) => {
          const name = look(record);
          return name === null
            ? null
            : { gauge: name, message: `${name} has not changed for ${bound} steps` };
        };
      },
    }),
  },
  "dead-gradient": {
    description: `the gradient before clipping is 0 nowhere: not as a whole, not of a layer, and not of a weight for ${STILL} steps`,
    bound: null,
    make: (spec) => ({
      name: "dead-gradient",
      spec,
      watch() {
        const look = lastingIn(({ zeroGradients = [] }) => zeroGradients, STILL);
        return (record) => {
          const dead = Object.entries(record.gauges).find(
            ([name, norm]) => norm === 0 && GRADIENT_NORM.test(name),
          );
          const weight = look(record);
          if (dead !== undefined) return { gauge: dead[0], message: `${dead[0]} is 0` };
          return weight === null
            ? null
            : { gauge: weight, message: `the gradient of ${weight} is 0 for ${STILL} steps` };
        };
      },
    }),
  },
  stuck: {
    description: `the optimizer is given a gradient that is not 0 wherever there was one before clipping, and some weight moves in ${STILL} steps`,
    bound: null,
    make: (spec) => ({
      name: "stuck",
      spec,
      watch() {
        const look = lastingIn(({ gauges }) => (gauges.update === 0 ? ["update"] : []), STILL);
        return (record) => {
          const still = look(record);
          const raw = gauge(record, GAUGES.rawGradientNorm);
          if (gauge(record, GAUGES.appliedGradientNorm) === 0 && !Number.isNaN(raw) && raw !== 0)
            return {
              gauge: GAUGES.appliedGradientNorm,
              message: `the clipped gradient is 0, and its norm before was ${raw}`,
            };
          return still === null
            ? null
            : { gauge: still, message: `no weight has changed for ${STILL} steps` };
        };
      },
    }),
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
