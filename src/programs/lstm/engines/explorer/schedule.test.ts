import { describe, expect, test } from "vitest";
import type { Batch } from "../../cases/batch.ts";
import { capacityOf, scheduleOf } from "./schedule.ts";

const INPUTS = 2;

/** Rows of these lengths; every input inside a row differs from all others, and those of the padding are 0. */
function ragged(lengths: number[], time: number): Batch {
  const rows = lengths.length;
  const x = Float32Array.from({ length: rows * time * INPUTS }, (_, i) => i + 1);
  lengths.forEach((length, row) => {
    x.fill(0, (row * time + Math.min(Math.max(length, 0), time)) * INPUTS, (row + 1) * time * INPUTS);
  });
  return { rows, time, x, y: new Float32Array(rows * time), lengths: Int32Array.from(lengths) };
}

/** Six timesteps wide, of which four are run. */
const LENGTHS = [2, 4, 0, 4, 1];
const TIME = 6;

describe("a schedule", () => {
  test("packs rows longest first, ties in the batch's order, and takes one discarded step of a row that has ended", () => {
    const schedule = scheduleOf(ragged(LENGTHS, TIME), INPUTS);
    expect(schedule).toEqual({
      rows: 5,
      time: 6,
      bound: 4,
      rowOfRank: [1, 3, 0, 4, 2],
      lengthOfRank: [4, 4, 2, 1, 0],
      active: [5, 4, 3, 2],
      real: [4, 3, 2, 2],
      offset: [0, 5, 9, 12],
      packed: 14,
    });
    expect(capacityOf(schedule)).toEqual({ packed: 14, rows: 5, time: 6, entries: 30 });
  });

  test("takes every discarded step for a trace", () => {
    const { active, real, offset, packed } = scheduleOf(ragged(LENGTHS, TIME), INPUTS, "all");
    expect({ active, real, offset, packed }).toEqual({
      active: [5, 5, 5, 5],
      real: [4, 3, 2, 2],
      offset: [0, 5, 10, 15],
      packed: 20,
    });
  });

  test("takes every discarded step where an input in some row's padding differs from the one before, and only then", () => {
    const packedWith = (row: number, t: number, input: number) => {
      const batch = ragged(LENGTHS, TIME);
      batch.x[(row * TIME + t) * INPUTS + input] = 7;
      return scheduleOf(batch, INPUTS).packed;
    };
    const [once, all] = [14, 20];
    for (let input = 0; input < INPUTS; input++) {
      for (const [row, t] of [
        [0, 2],
        [0, 3],
        [2, 0],
        [2, 3],
        [4, 3],
      ] as const)
        expect(packedWith(row, t, input), `row ${row}, timestep ${t}`).toBe(all);
      // Past the longest row nothing is run; in a row's own steps inputs may differ.
      for (const [row, t] of [
        [0, 4],
        [4, 5],
        [1, 4],
        [0, 1],
        [1, 3],
      ] as const)
        expect(packedWith(row, t, input), `row ${row}, timestep ${t}`).toBe(once);
    }
  });

  test("equal inputs in the padding need not be 0", () => {
    const batch = ragged(LENGTHS, TIME);
    batch.x.fill(3, (0 * TIME + 2) * INPUTS, TIME * INPUTS);
    expect(scheduleOf(batch, INPUTS).packed).toBe(14);
  });

  test("holds lengths within the padded width, and runs one timestep where all rows are empty", () => {
    const { lengthOfRank, real } = scheduleOf(ragged([-3, 9, 1], 2), INPUTS);
    expect(lengthOfRank).toEqual([2, 1, 0]);
    expect(real).toEqual([2, 1]);
    expect(scheduleOf(ragged([0, 0], 3), INPUTS)).toMatchObject({ bound: 1, active: [2], real: [0] });
  });
});
