import type { StoredTensor } from "../../../documents/safetensors.ts";
import type { Candidates, Pass } from "../../pass.ts";
import type { ProgramDiagnosis } from "../diagnosis.ts";
import type { ProgramStep } from "../step.ts";
import { digitsOf, isFloat, numbersOf } from "./numbers.ts";
import { isPlain } from "./order.ts";

type StepPass = Pass<ProgramStep, ProgramDiagnosis>;
type StepCandidates = Candidates<ProgramStep, ProgramDiagnosis>;

/** A tensor of a step, by its part and name. */
interface TensorPlace {
  part: "state" | "batch";
  name: string;
}

/** The tensors whose numbers may be changed: the batch first, which a person looks at first. */
function places({ state, batch }: ProgramStep): TensorPlace[] {
  const inBatch = [...batch.tensors.keys()].map((name) => ({ part: "batch" as const, name }));
  const inState = [...state.tensors.keys()].filter(isPlain).map((name) => ({ part: "state" as const, name }));
  return [...inBatch, ...inState];
}

function tensorAt(step: ProgramStep, { part, name }: TensorPlace): StoredTensor {
  return step[part].tensors.get(name) as StoredTensor;
}

function withTensors(
  step: ProgramStep,
  changed: readonly (readonly [TensorPlace, StoredTensor])[],
): ProgramStep {
  const parts = { state: new Map(step.state.tensors), batch: new Map(step.batch.tensors) };
  for (const [{ part, name }, tensor] of changed) parts[part].set(name, tensor);
  return {
    ...step,
    state: { ...step.state, tensors: parts.state },
    batch: { ...step.batch, tensors: parts.batch },
  };
}

function zeroed(tensor: StoredTensor): StoredTensor {
  return { ...tensor, bytes: new Uint8Array(tensor.bytes.length) };
}

/** Sets every slot of the optimizer to 0, and then each by itself. */
export const slots: StepPass = {
  name: "the optimizer's slots",
  *candidates({ step }) {
    yield* zeroWhole(
      step,
      places(step).filter(({ name, part }) => part === "state" && name.startsWith("slot/")),
    );
  },
};

/** Sets whole tensors to 0. */
export const tensors: StepPass = {
  name: "tensors",
  *candidates({ step }) {
    yield* zeroWhole(step, places(step));
  },
};

function* zeroWhole(start: ProgramStep, which: readonly TensorPlace[]): StepCandidates {
  let step = start;
  const all = which.map((place) => [place, zeroed(tensorAt(step, place))] as const);
  if (which.length > 1) {
    const accepted = yield withTensors(step, all);
    if (accepted !== null) return;
  }
  for (const [place, zero] of all) step = (yield withTensors(step, [[place, zero]]))?.step ?? step;
}

/** Sets runs of numbers of a tensor to 0: halves, quarters, down to single ones, which are all tried. */
export const numbers: StepPass = {
  name: "numbers",
  *candidates({ step: start }) {
    let step = start;
    for (const place of places(step)) {
      const nonZero = () => indexesOf(tensorAt(step, place));
      let left = nonZero();
      for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
        for (let from = 0; from < left.length; ) {
          const changes = new Map(left.slice(from, from + size).map((index) => [index, 0]));
          const accepted = yield withTensors(step, [[place, numbersOf(tensorAt(step, place)).with(changes)]]);
          if (accepted === null) from += size;
          else {
            step = accepted.step;
            left = nonZero();
          }
        }
    }
  },
};

/** Gives numbers fewer digits: 1 or -1 first, then powers of ten, one digit and two. */
export const digits: StepPass = {
  name: "digits",
  *candidates({ step: start }) {
    let step = start;
    for (const place of places(step))
      for (const index of indexesOf(tensorAt(step, place))) {
        const tensor = tensorAt(step, place);
        const present = numbersOf(tensor);
        for (const plainer of plainerNumbers(present.at(index), isFloat(tensor.dtype))) {
          const accepted = yield withTensors(step, [[place, present.with(new Map([[index, plainer]]))]]);
          if (accepted === null) continue;
          step = accepted.step;
          break;
        }
      }
  },
};

function indexesOf(tensor: StoredTensor): number[] {
  const present = numbersOf(tensor);
  return Array.from({ length: present.length }, (_, i) => i).filter((i) => present.at(i) !== 0);
}

function plainerNumbers(value: number, hasFractions: boolean): number[] {
  if (!Number.isFinite(value)) return [];
  const sign = Math.sign(value);
  const rounded = [1, 2, 3].map((count) => Number(value.toPrecision(count)));
  const power = Number(`1e${value.toExponential().split("e")[1]}`);
  const others = hasFractions ? [sign, 1, sign * power, ...rounded] : [1, ...rounded];
  return [...new Set(others)].filter((other) => digitsOf(other) < digitsOf(value));
}
