import type { Phase, TensorName, TraceGroup } from "./trace.ts";

/** The place of a non-finite value in a step. */
export interface Site {
  phase: Phase;
  /** Counts from 0; null for what a phase makes once. */
  timestep: number | null;
  /** Counts from 0, the lowest layer first; null for what belongs to no layer. */
  layer: number | null;
  /** Row of the batch; of a kernel, the row of the matrix. */
  row: number;
  tensor: TensorName;
  unit: number;
  value: "NaN" | "Infinity" | "-Infinity";
}

/** Finds the non-finite sites of a group in canonical order: row, then tensor, then unit. */
export function* nonFiniteSites(group: TraceGroup): Generator<Site> {
  const rows = Math.max(0, ...group.tensors.map(({ columns, values }) => values.length / columns));
  for (let row = 0; row < rows; row++)
    for (const { name, columns, values } of group.tensors) {
      const end = Math.min((row + 1) * columns, values.length);
      for (let i = row * columns; i < end; i++) {
        const value = values[i] as number;
        if (Number.isFinite(value)) continue;
        yield {
          phase: group.phase,
          timestep: group.timestep,
          layer: group.layer,
          row,
          tensor: name,
          unit: i - row * columns,
          value: nonFiniteWord(value),
        };
      }
    }
}

/** A value that is not finite, as JSON has it. */
export function nonFiniteWord(value: number): Site["value"] {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}
