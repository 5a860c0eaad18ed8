import { describe, expect, it } from "vitest";
import type { OptimizerSpec } from "../cases/schema.ts";
import { betaPowers as explorerPowers } from "./explorer/optimizerScalars.ts";
import { betaPowers as tfjsPowers } from "./tfjs/optimizer.ts";

const adam = (beta1: number, beta2: number): OptimizerSpec => ({
  kind: "adam",
  form: "tf1",
  learningRate: 0.01,
  beta1,
  beta2,
  epsilon: 1e-8,
  clip: { kind: "none" },
  skipNonFinite: false,
});

/** b^t, multiplied in float32 step by step to the end. */
function multiplied(beta: number, t: number): number {
  let power = 1;
  for (let k = 0; k < t; k++) power = Math.fround(power * Math.fround(beta));
  return power;
}

describe.each([
  ["explorer", explorerPowers],
  ["tfjs", tfjsPowers],
] as const)("Adam's powers on %s", (_, powers) => {
  it.each([0, 1, 2, 40, 900, 1000, 96_900, 97_000])(
    "are float32 products, bit by bit, after %i steps",
    (t) => {
      for (const [beta1, beta2] of [
        [0.9, 0.999],
        [0.5, 0.51],
        [0, 1 - 2 ** -24],
        // The second comes to rest long before the first.
        [0.99, 0.5],
      ] as const)
        expect(powers(adam(beta1, beta2), t)).toEqual({
          beta1: multiplied(beta1, t),
          beta2: multiplied(beta2, t),
        });
    },
  );

  it("rest above 0 for a decay over 1/2, at 0 for others", () => {
    const unit = 2 ** -149;
    expect(powers(adam(0.9, 0.999), 1e7)).toEqual({ beta1: 4 * unit, beta2: 500 * unit });
    expect(powers(adam(0.5, 0.51), 1e7)).toEqual({ beta1: 0, beta2: unit });
  });

  it("of an optimizer that has none stay 1", () => {
    const sgd: OptimizerSpec = { kind: "sgd", learningRate: 1, clip: { kind: "none" }, skipNonFinite: false };
    expect(powers(sgd, 1e7)).toEqual({ beta1: 1, beta2: 1 });
  });
});
