import { UsageError } from "../documents/errors.ts";
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
const GRADIENT_BOUND = 1e18;

/** Every invariant that `--invariant` takes by name. */
const NAMED_INVARIANTS: Readonly<Record<string, NamedInvariant>> = {
  finite: {
    description: "loss, clipped gradients, weights and the optimizer's state are finite; always on",
    bound: null,
    make: () => finite,
  },
  "raw-gradient": {
    description: "the gradient's norm before clipping is finite and below the bound",
    bound: GRADIENT_BOUND,
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

/**
 * The invariant that a text names: NAME or NAME=BOUND.
 * @throws UsageError when there is none of that name, or the bound is no number over 0.
 */
export function namedInvariant(spec: string): StepInvariant {
  const [name = "", ...rest] = spec.split("=");
  const known = Object.hasOwn(NAMED_INVARIANTS, name) ? NAMED_INVARIANTS[name] : undefined;
  const names = Object.keys(NAMED_INVARIANTS).join(", ");
  if (known === undefined)
    throw new UsageError(
      "NANPROOF_E_INVARIANT",
      `--invariant is ${JSON.stringify(spec)}: there is no such invariant`,
      `give one of ${names}, with =BOUND where it has one, or the path of an ES module that exports invariants`,
    );
  if (rest.length === 0) return known.make(spec, known.bound ?? 0);
  const text = rest.join("=");
  const bound = text.trim() === "" ? Number.NaN : Number(text);
  if (known.bound === null || !(bound > 0) || !Number.isFinite(bound))
    throw new UsageError(
      "NANPROOF_E_INVARIANT",
      `--invariant is ${JSON.stringify(spec)}: ${known.bound === null ? `${name} takes no bound` : "the bound is no number over 0"}`,
      known.bound === null
        ? `give --invariant ${name}`
        : `give a number, as in --invariant ${name}=${known.bound}`,
    );
  return known.make(spec, bound);
}

/** Whether a text names one of {@link NAMED_INVARIANTS}, with or without a bound. */
export function isNamed(spec: string): boolean {
  return Object.hasOwn(NAMED_INVARIANTS, spec.split("=")[0] ?? "");
}
