import * as z from "zod";
import { COLDEST, type Rung } from "../../programs/generating.ts";

/** The share of the cases at a rung that always goes on, the hottest, even where few are as hot as the ladder asks. */
const SHARE = 0.1;
/** Cases that must have reached a rung before the share counts there. */
const ENOUGH = 50;
/** A mutant may be half as hot as its parent, or as much colder as this. */
const SLACK = 0.3;
/** Heats are counted in bins of this width. */
const BIN = 0.1;

/** The number of cases that reached each rung, by rung, then by the bin of their heat. */
export const heatCountsSchema = z.array(z.record(z.string(), z.int().min(1)));
/** See {@link heatCountsSchema}. */
export type HeatCounts = z.infer<typeof heatCountsSchema>;

/** Counts of no case yet. */
export function noHeats(ladder: readonly Rung[]): HeatCounts {
  return ladder.map(() => ({}));
}

/** Counts a case in, by its heats at the rungs that it reached. */
export function countHeats(counts: HeatCounts, heats: readonly number[]): void {
  heats.forEach((heat, rung) => {
    const bins = counts[rung];
    const bin = Math.floor(heat / BIN);
    if (bins) bins[bin] = (bins[bin] ?? 0) + 1;
  });
}

/**
 * The rungs for the next cases: early stopping as in successive halving (Jamieson & Talwalkar 2016; asynchronous: ASHA, Li
 * et al. 2020). A case goes on when it is as hot as a rung of the ladder says, or among the hottest.
 */
export function rungsAfter(ladder: readonly Rung[], counts: HeatCounts): Rung[] {
  return ladder.map(({ step, heat }, rung) => ({ step, heat: Math.min(heat, hottest(counts[rung] ?? {})) }));
}

/** The rungs for a mutant of a case with such heats: not much colder than that was, as far as it got. */
export function rungsBelow(ladder: readonly Rung[], heats: readonly number[]): Rung[] {
  const looser = (heat: number | undefined) =>
    heat === undefined ? COLDEST : Math.min(heat - SLACK, heat / 2);
  return ladder.map(({ step, heat }, rung) => ({ step, heat: Math.min(heat, looser(heats[rung])) }));
}

/** The heat that the hottest part of the cases counted reached, to the bin; Infinity while there are too few. */
function hottest(bins: Readonly<Record<string, number>>): number {
  const total = Object.values(bins).reduce((sum, count) => sum + count, 0);
  if (total < ENOUGH) return Number.POSITIVE_INFINITY;
  let above = 0;
  const downwards = Object.entries(bins).sort(([a], [b]) => Number(b) - Number(a));
  for (const [bin, count] of downwards) {
    above += count;
    if (above >= SHARE * total) return Number(bin) * BIN;
  }
  return Number.POSITIVE_INFINITY;
}
