import { gateOfColumn } from "../cases/gates.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { wordsOf } from "./mechanismTable.ts";
import type { Site } from "./site.ts";

const ENDINGS: Readonly<Record<Diagnosis["ending"], string>> = {
  "pre-activation": "then Infinity - Infinity in a pre-activation made NaN",
  "closed-gate": "then a closed gate made NaN of it: 0 * Infinity",
  saturated: "a saturated layer hid it from the loss, and 0 * Infinity in a weight gradient made NaN",
  other: "",
};

/** The cause of a step's death in one sentence. */
export function deathSentence({ mechanism, ending, operation }: Diagnosis): string {
  const because = wordsOf(mechanism)?.because ?? `the invariant ${mechanism} is violated: ${operation}`;
  return [because, ENDINGS[ending]].filter(Boolean).join("; ");
}

/** Tensors with one column a unit; of the others (kernels, scalars) the column is counted. */
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

/** Tensors with a column for every gate of every unit, in the order of the kernel's columns. */
const PER_GATE: ReadonlySet<Site["tensor"]> = new Set([
  "preActivation",
  "preActivationGradient",
  "bias",
  "biasGradient",
  "clippedBiasGradient",
  "biasFirstMoment",
  "biasSecondMoment",
  "updatedBias",
]);

/** The place of a non-finite value in words. */
export function siteSentence(site: Site, { model }: Pick<TrainingCase, "model">): string {
  const { value, tensor, phase, timestep, layer, row } = site;
  const where = [
    timestep !== null && `timestep ${timestep}`,
    layer !== null && `layer ${layer}`,
    `row ${row}`,
    columnPhrase(site, layer === null ? undefined : model.layers[layer]?.units),
  ].filter(Boolean);
  return `${value} in ${tensor}, ${phase} phase, ${where.join(", ")} (counted from 0)`;
}

function columnPhrase({ tensor, unit: column }: Site, units: number | undefined): string {
  if (PER_UNIT.has(tensor)) return `unit ${column}`;
  if (!PER_GATE.has(tensor) || units === undefined) return `column ${column}`;
  const { gate, unit } = gateOfColumn(column, units);
  return `${gate} of unit ${unit}`;
}
