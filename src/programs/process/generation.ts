import { portableLog } from "../../numerics/log.ts";
import { randomStream } from "../../numerics/random.ts";
import { COLDEST, type Generation, type Guidance, HOTTEST, type Labels } from "../generating.ts";
import type { StepRecord } from "../stepRecord.ts";
import type { KnobValues, ProgramCase, ProgramSpace } from "./case.ts";
import { drawKnobs, type Knobs, mutatedKnobs } from "./knobs.ts";

/** Seeds are drawn from 1 up to this. */
const SEEDS = 2 ** 31 - 1;

/**
 * The numbers of a guided hunt of a person's program. No case is stopped early: many deaths (the logarithm of 0, say)
 * announce themselves by nothing. Where cases come near to overflow and live, half of the next ones are varied from the
 * hottest.
 */
const guidance: Guidance = { round: 16, ladder: [], quiet: 16, pool: 8, leastHeat: 4 };

/** The generation of cases of a program with these knobs. */
export function generationOf(knobs: Knobs): Generation<ProgramCase> {
  return {
    guidance,
    cases(space, seed) {
      const { pinned, steps } = space as ProgramSpace;
      return {
        at({ index, parent }) {
          const label = `hunt/${index}`;
          const drawn: KnobValues = { ...drawKnobs(knobs, seed, label), ...pinned };
          const random = randomStream(seed, `${label}/seed`);
          const own = 1 + random.integer(SEEDS);
          if (parent === null) return { schemaVersion: 1, knobs: drawn, seed: own, steps };
          const mutating = randomStream(seed, `${label}/mutate`);
          return {
            ...parent,
            knobs: mutatedKnobs(parent.knobs ?? {}, drawn, mutating),
            seed: mutating.integer(2) === 0 ? parent.seed : own,
          };
        },
      };
    },
    labels: ({ knobs: values, steps }) => ({ ...labelsOf(values ?? {}), steps }),
    check() {},
  };
}

/** The labels of a case. A list of lengths is labelled by how many there are, and by the longest. */
function labelsOf(values: KnobValues): Labels {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, number | string][] => {
      if (!Array.isArray(value)) return [[name, typeof value === "number" ? value : String(value)]];
      return [
        [`${name}, entries`, value.length],
        [`${name}, longest`, Math.max(0, ...value)],
      ];
    }),
  );
}

/**
 * The heat of a step: log10 of the largest gauge, in [-40, 40]: the largest weight, the norms of the gradients, and what
 * `watch.gauge` reports. The loss is none: a large one is often sound.
 */
export function heatOf({ gauges }: StepRecord): number {
  let largest = 0;
  for (const value of Object.values(gauges)) {
    if (!Number.isFinite(value)) return HOTTEST;
    largest = Math.max(largest, Math.abs(value));
  }
  return largest < 1e-40 ? COLDEST : Math.min(HOTTEST, portableLog(largest) / Math.LN10);
}
