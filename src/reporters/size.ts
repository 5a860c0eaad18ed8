import type { CaseSize } from "../programs/program.ts";

/** A case's size in words: "1 row, 52 timesteps, 1 layer, 2 units, 6 numbers not 0 (of 96)"; of a run "..., 12 steps". */
export function sizePhrase({ rows, time, layers, units, steps, numbers, nonZero }: CaseSize): string {
  const of = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const sizes = [of(rows, "row"), of(time, "timestep"), of(layers, "layer"), of(units, "unit")];
  // A run from its start writes no numbers out.
  sizes.push(numbers === 0 ? of(steps, "step") : `${of(nonZero, "number")} not 0 (of ${numbers})`);
  return sizes.join(", ");
}
