import type { TensorFile } from "../../../documents/safetensors.ts";
import type { CaseSize } from "../../program.ts";
import type { ProgramStep } from "../step.ts";
import { plainness } from "./numbers.ts";

/** The sums over some tensors. */
function totals({ tensors }: TensorFile, counts: (name: string) => boolean = () => true) {
  const sum = { numbers: 0, nonZero: 0, digits: 0 };
  for (const [name, tensor] of tensors) {
    if (!counts(name)) continue;
    const { numbers, nonZero, digits } = plainness(tensor);
    sum.numbers += numbers;
    sum.nonZero += nonZero;
    sum.digits += digits;
  }
  return sum;
}

/** Tensors of the state whose numbers count: counters and random states are what they are. */
export function isPlain(name: string): boolean {
  return name.startsWith("weight/") || name.startsWith("slot/") || name.startsWith("buffer/");
}

/** The one total order of steps: fewer numbers in the batch, fewer that are not 0 there, then in the state, then fewer digits. */
export function compareSteps(a: ProgramStep, b: ProgramStep): number {
  const costs = ({ state, batch }: ProgramStep) => {
    const [of, beside] = [totals(batch), totals(state, isPlain)];
    return [of.numbers, of.nonZero, beside.nonZero, of.digits + beside.digits];
  };
  const [of, other] = [costs(a), costs(b)];
  const at = of.findIndex((cost, i) => cost !== other[i]);
  return at < 0 ? 0 : (of[at] as number) - (other[at] as number);
}

/** Rows and timesteps of a batch: the lengths of the first two axes of its largest tensor. */
export function batchSize({ tensors }: TensorFile): { rows: number; time: number } {
  const largest = [...tensors.values()].sort((a, b) => b.bytes.length - a.bytes.length)[0];
  const [rows = 0, time = 0] = largest?.shape ?? [];
  return { rows, time };
}

/** The size of a step. A program's layers and units are its own. */
export function stepSize({ state, batch }: Pick<ProgramStep, "state" | "batch">): CaseSize {
  const [of, beside] = [totals(batch), totals(state, isPlain)];
  return {
    ...batchSize(batch),
    layers: 0,
    units: 0,
    steps: 1,
    numbers: of.numbers + beside.numbers,
    nonZero: of.nonZero + beside.nonZero,
    nonZeroInBatch: of.nonZero,
  };
}
