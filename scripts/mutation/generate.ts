import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readChoices } from "./choices.ts";
import { boolFunctionsOf, kernelEdits } from "./kernelRules.ts";
import { type Mutant, mutantsOf } from "./mutant.ts";
import { readSource } from "./source.ts";
import { stepEdits } from "./stepRules.ts";

const EXPLORER = "src/programs/lstm/engines/explorer";
const ASSEMBLY = `${EXPLORER}/assembly`;
const TFJS = "src/programs/lstm/engines/tfjs";

/** The TypeScript that a step goes through, and of the larger files the functions that do. */
const STEP: readonly (readonly [file: string, only?: readonly string[]])[] = [
  [`${EXPLORER}/schedule.ts`],
  [`${EXPLORER}/optimizerScalars.ts`],
  [`${EXPLORER}/loadBatch.ts`],
  [
    `${EXPLORER}/training.ts`,
    ["step", "previousState", "trace", "#load", "#writeChoices", "#writeState", "#readState"],
  ],
  [`${EXPLORER}/record.ts`],
  [`${TFJS}/optimizer.ts`],
  [`${TFJS}/state.ts`, ["applyUpdate"]],
  [`${TFJS}/training.ts`, ["step"]],
];

/**
 * Makes all mutants that the rules find in the kernels and in the TypeScript of a step.
 * @throws Error when a field of the plan that a case settles has none: the rules have missed how it is read.
 */
export function generatedMutants(): Mutant[] {
  const choices = readChoices();
  const kernels = readdirSync(ASSEMBLY)
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => readSource(join(ASSEMBLY, name)));
  const boolFunctions = new Set(kernels.flatMap(boolFunctionsOf));
  const ofKernels = kernels.flatMap((source) =>
    mutantsOf(source.file, source.text, kernelEdits(source, choices, boolFunctions)),
  );
  for (const name of choices.names)
    if (!ofKernels.some(({ before }) => new RegExp(`\\bplan\\.${name}\\b`).test(before)))
      throw new Error(`no mutant of plan.${name} was made: the rules do not see where the kernels read it`);
  const ofStep = STEP.flatMap(([file, only]) => {
    const source = readSource(file);
    return mutantsOf(file, source.text, stepEdits(source, only));
  });
  return [...ofKernels, ...ofStep];
}
