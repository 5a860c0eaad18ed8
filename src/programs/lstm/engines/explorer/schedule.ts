import { type Batch, loopBound } from "../../cases/batch.ts";
import type { Capacity } from "./arenaLayout.ts";

/** The order in which a batch's rows are packed, and the number of them that each timestep computes. */
export interface Schedule {
  rows: number;
  time: number;
  /** Timesteps that run. */
  bound: number;
  /** Timesteps of all rows together, discarded steps included. */
  packed: number;
  /** The batch's row of each rank, longest first, ties in the batch's order; [rows]. */
  rowOfRank: readonly number[];
  /** Length of each rank; [rows]. */
  lengthOfRank: readonly number[];
  /** Ranks that each timestep computes, and how many of these are inside their rows; [bound]. */
  active: readonly number[];
  real: readonly number[];
  /** First packed row of each timestep; [bound]. */
  offset: readonly number[];
}

/**
 * Orders a batch's rows by length. A row that has ended beside a longer one takes one discarded step
 * (docs/ARCHITECTURE.md, "The discarded step"): its state is frozen and its padded inputs are equal, so all of its discarded steps are
 * one and the same. Where the inputs in some row's padding differ, every row takes all of its
 * discarded steps.
 *
 * @param discarded Whether to leave out what repeats, or to take every discarded step, as a trace does.
 */
export function scheduleOf(batch: Batch, inputs: number, discarded: "once" | "all" = "once"): Schedule {
  const { rows, time, lengths } = batch;
  const bound = loopBound(batch);
  const one = discarded === "once" && paddingRepeats(batch, inputs, bound);
  const longer = rowsLonger(batch);
  const active: number[] = [];
  const real: number[] = [];
  const offset: number[] = [];
  let packed = 0;
  for (let t = 0; t < bound; t++) {
    const computed = one && t > 0 ? (longer[t - 1] ?? 0) : rows;
    active.push(computed);
    real.push(longer[t] ?? 0);
    offset.push(packed);
    packed += computed;
  }
  // A counting sort: rows of one length take the ranks after those of all longer rows.
  const rowOfRank = new Array<number>(rows).fill(0);
  const lengthOfRank = new Array<number>(rows).fill(0);
  for (let row = 0; row < rows; row++) {
    const length = lengthAt(lengths, row, time);
    const rank = longer[length] ?? 0;
    longer[length] = rank + 1;
    rowOfRank[rank] = row;
    lengthOfRank[rank] = length;
  }
  return { rows, time, bound, packed, rowOfRank, lengthOfRank, active, real, offset };
}

/** The capacity that a schedule needs. */
export function capacityOf({ packed, rows, time }: Schedule): Capacity {
  return { packed, rows, time, entries: rows * time };
}

/** Number of rows longer than each number of timesteps, from 0 to the padded width; [time + 1]. */
function rowsLonger({ rows, time, lengths }: Batch): number[] {
  const counts = new Array<number>(time + 1).fill(0);
  for (let row = 0; row < rows; row++) {
    const length = lengthAt(lengths, row, time);
    counts[length] = (counts[length] ?? 0) + 1;
  }
  let longer = 0;
  for (let length = time; length >= 0; length--) {
    const here = counts[length] ?? 0;
    counts[length] = longer;
    longer += here;
  }
  return counts;
}

/** True where each row's inputs are the same vector at all of its discarded steps. */
function paddingRepeats({ rows, time, x, lengths }: Batch, inputs: number, bound: number): boolean {
  for (let row = 0; row < rows; row++) {
    const first = (row * time + lengthAt(lengths, row, time)) * inputs;
    const end = (row * time + bound) * inputs;
    for (let i = first + inputs; i < end; i++) if (x[i] !== x[i - inputs]) return false;
  }
  return true;
}

function lengthAt(lengths: Int32Array, row: number, time: number): number {
  return Math.min(Math.max(lengths[row] ?? 0, 0), time);
}
