import { expect, it } from "vitest";
import type { StoredTensor } from "../../../documents/safetensors.ts";
import { numbersOf } from "../shrinking/numbers.ts";
import type { ProgramStep } from "../step.ts";
import { stepNumbers } from "./numbers.ts";

function tensor(values: readonly number[]): StoredTensor {
  const empty: StoredTensor = {
    dtype: "F32",
    shape: [values.length],
    bytes: new Uint8Array(4 * values.length),
  };
  return numbersOf(empty).with(new Map(values.map((value, i) => [i, value])));
}

it("The numbers of a step are those that are not 0, of batch and state in turn, and then the zeros in the same way", () => {
  const step: ProgramStep = {
    case: { schemaVersion: 1, knobs: {}, seed: 1, steps: 3, cutOutAt: 2 },
    state: { tensors: new Map([["weight/w", tensor([0, 5, 6])]]), metadata: {} },
    batch: { tensors: new Map([["0", tensor([1, 0, 2, 0, 3])]]), metadata: {} },
  };
  expect(stepNumbers(step).map(({ what, value }) => [what, value])).toEqual([
    ["batch/0[0]", 1],
    ["weight/w[1]", 5],
    ["batch/0[2]", 2],
    ["weight/w[2]", 6],
    ["batch/0[4]", 3],
    ["batch/0[1]", 0],
    ["weight/w[0]", 0],
    ["batch/0[3]", 0],
  ]);
});
