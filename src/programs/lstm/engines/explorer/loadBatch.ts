import type { Batch } from "../../cases/batch.ts";
import type { Arena } from "./arena.ts";
import type { Address } from "./kernels.ts";
import { PLAN_INDEX } from "./planFields.ts";
import { capacityOf, type Schedule } from "./schedule.ts";

// Known beforehand: at small sizes looking fields up by name, step by step, shows in the time of a step.
const { rows: ROWS, time: TIME, bound: BOUND, packed: PACKED } = PLAN_INDEX;

/** Puts a batch into the arena, which grows where it must, and which rows each timestep computes. */
export function loadBatch(arena: Arena, { x, y }: Batch, schedule: Schedule): void {
  arena.fit(capacityOf(schedule));
  const { integers, floats, batch } = arena;
  const plan = arena.fixed.plan >> 2;
  integers[plan + ROWS] = schedule.rows;
  integers[plan + TIME] = schedule.time;
  integers[plan + BOUND] = schedule.bound;
  integers[plan + PACKED] = schedule.packed;
  writeTable(integers, batch.active, schedule.active);
  writeTable(integers, batch.real, schedule.real);
  writeTable(integers, batch.offset, schedule.offset);
  writeTable(integers, batch.rowOfRank, schedule.rowOfRank);
  writeTable(integers, batch.lengthOfRank, schedule.lengthOfRank);
  floats.set(x, batch.x >> 2);
  floats.set(y, batch.y >> 2);
}

function writeTable(integers: Int32Array, at: Address, values: readonly number[]): void {
  for (let i = 0; i < values.length; i++) integers[(at >> 2) + i] = values[i] ?? 0;
}
