import type { Diagnosis } from "./diagnosis.ts";
import type { Mechanism } from "./mechanism.ts";
import type { Site } from "./site.ts";

const MECHANISMS: Readonly<Record<Mechanism, string>> = {
  "recurrence-overflow": "the cell grew from timestep to timestep until float32 overflowed",
  "discarded-step-overflow":
    "a row that had ended was computed on beside a longer one, and that step, thrown away afterwards, overflowed",
  "input-overflow": "the product of input and kernel overflowed, with no growth over timesteps before it",
  "sum-of-squares-overflow": "the sum of squares in the loss's normalisation overflowed",
  "backward-overflow": "a gradient overflowed although the forward pass was finite",
  "non-finite-clip-norm":
    "the global norm overflowed although every gradient was finite, and clipping by it made NaN",
  "second-moment-overflow": "the square of a finite gradient overflowed in Adam's second moment",
  "update-overflow": "the update overflowed a weight or first moment",
  "zero-norm-division": "the loss divided by the norm of a zero vector",
  "regulariser-overflow": "the regulariser, or the loss with it, overflowed",
  "non-finite-input": "an input was not finite",
  "non-finite-target": "a target was not finite",
  "non-finite-weight": "a weight was not finite before the step",
};

const ENDINGS: Readonly<Record<Diagnosis["ending"], string>> = {
  "pre-activation": "then Infinity - Infinity in a pre-activation made NaN",
  "closed-gate": "then a closed gate made NaN of it: 0 * Infinity",
  saturated: "a saturated layer hid it from the loss, and 0 * Infinity in a weight gradient made NaN",
  other: "",
};

/** What a step died of, in one sentence. */
export function deathSentence({ mechanism, ending }: Diagnosis): string {
  return [MECHANISMS[mechanism], ENDINGS[ending]].filter(Boolean).join("; ");
}

/** Tensors with one column a unit; of the others (four gates a unit, kernels, scalars) the column is counted. */
const PER_UNIT: ReadonlySet<Site["tensor"]> = new Set([
  "cell",
  "hidden",
  "target",
  "normalisedTarget",
  "normalisedOutput",
  "outputGradient",
  "hiddenGradient",
  "cellGradient",
]);

/** Where a value is not finite, in words. */
export function siteSentence({ value, tensor, phase, timestep, layer, row, unit }: Site): string {
  const where = [
    timestep !== null && `timestep ${timestep}`,
    layer !== null && `layer ${layer}`,
    `row ${row}`,
    `${PER_UNIT.has(tensor) ? "unit" : "column"} ${unit}`,
  ].filter(Boolean);
  return `${value} in ${tensor}, ${phase} phase, ${where.join(", ")} (counted from 0)`;
}
