import type { CaseSize } from "../programs/program.ts";

/** A case's size in words: "1 row, 52 timesteps, 1 layer, 2 units, 6 numbers not 0 (of 96)"; of a run "..., 12 steps". */
export function sizePhrase({
  rows,
  time,
  layers,
  units,
  steps,
  numbers,
  nonZero,
  nonZeroInBatch,
}: CaseSize): string {
  const of = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const known = [
    [rows, "row"],
    [time, "timestep"],
    [layers, "layer"],
    [units, "unit"],
  ] as const;
  // Of a person's program some of these are not known.
  const sizes = known.filter(([count]) => count > 0).map(([count, noun]) => of(count, noun));
  if (nonZeroInBatch !== undefined)
    sizes.push(
      `${of(nonZeroInBatch, "number")} not 0 in the batch and ${nonZero - nonZeroInBatch} in weights and slots (of ${numbers})`,
    );
  // A run from its start writes no numbers out.
  else sizes.push(numbers === 0 ? of(steps, "step") : `${of(nonZero, "number")} not 0 (of ${numbers})`);
  return sizes.join(", ");
}
