import type { CaseSize } from "../cases/size.ts";

/** A case's size in words: "1 row, 52 timesteps, 1 layer, 2 units, 6 numbers not 0 (of 96)". */
export function sizePhrase({ rows, time, layers, units, numbers, nonZero }: CaseSize): string {
  const of = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  return `${of(rows, "row")}, ${of(time, "timestep")}, ${of(layers, "layer")}, ${of(units, "unit")}, ${of(nonZero, "number")} not 0 (of ${numbers})`;
}
