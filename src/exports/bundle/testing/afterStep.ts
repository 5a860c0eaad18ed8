import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { StoredTensor } from "../../../documents/safetensors.ts";
import { openProgram } from "../../../programs/process/open.ts";
import { isFloat, numbersOf } from "../../../programs/process/shrinking/numbers.ts";
import type { ProgramStep } from "../../../programs/process/step.ts";
import { deathFolder, deathProgram, type KeptDeath, mendedText } from "./deaths.ts";

/** The numbers of a step that lives: its loss, and the sums of the magnitudes of all weights and all slots after it. */
export interface AfterStep {
  loss: number;
  weight: number;
  slot: number;
}

/** The file of a mended program's numbers, on the state and the batch of a death, as nanproof runs it. */
export function afterFile({ framework }: KeptDeath): string {
  return join(deathFolder(framework), "mended", "after.json");
}

/** The numbers of a mended program when nanproof ran it. */
export function afterStep(death: KeptDeath): AfterStep {
  return JSON.parse(readFileSync(afterFile(death), "utf8")) as AfterStep;
}

/** Runs a step in the mended program, as nanproof runs a step. */
export async function runMended(death: KeptDeath, step: ProgramStep, python: string): Promise<AfterStep> {
  const program = deathProgram(death);
  // Beside the program, so that it finds its packages.
  const file = join(dirname(program), `mended_${basename(program)}`);
  writeFileSync(file, mendedText(death, readFileSync(program, "utf8")));
  const order = { file, python, backend: null, threads: 1, isFresh: true };
  const host = await openProgram(order, () => undefined);
  try {
    await host.hosting.standing(step.case);
    const files = host.hosting.written(step);
    const [record] = (await host.hosting.run(files, 1)).records;
    const { state } = await host.hosting.saved("now");
    const sum = (kind: string) =>
      [...state.tensors]
        .filter(([name, tensor]) => name.startsWith(`${kind}/`) && isFloat(tensor.dtype))
        .reduce((total, [, tensor]) => total + magnitude(tensor), 0);
    return { loss: Number(record?.loss), weight: sum("weight"), slot: sum("slot") };
  } finally {
    await host.close?.();
    rmSync(file);
  }
}

function magnitude(tensor: StoredTensor): number {
  const numbers = numbersOf(tensor);
  return Array.from({ length: numbers.length }, (_, i) => Math.abs(numbers.at(i))).reduce((a, b) => a + b, 0);
}
