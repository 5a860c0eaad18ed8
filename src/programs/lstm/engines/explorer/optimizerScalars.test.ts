import { expect, test } from "vitest";
import type { OptimizerSpec } from "../../cases/schema.ts";
import type { Arena } from "./arena.ts";
import {
  type BetaPowers,
  betaPowers,
  nextPowers,
  writeOptimizerConstants,
  writeOptimizerScalars,
} from "./optimizerScalars.ts";

type Adam = Extract<OptimizerSpec, { kind: "adam" }>;

const adam = (differs: Partial<Adam> = {}): Adam => ({
  kind: "adam",
  form: "tf1",
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clip: { kind: "none" },
  skipNonFinite: false,
  ...differs,
});

/** The float32 numbers that the kernels read afterwards, by field. */
function written(write: (arena: Pick<Arena, "set">) => void): Record<string, number> {
  const fields: Record<string, number> = {};
  write({
    set: (field, value) => {
      fields[field] = Math.fround(value);
    },
  });
  return fields;
}

/** A float32 by itself: every result of an operation on one is rounded. */
const single = new Float32Array(1);
function rounded(value: number): number {
  single[0] = value;
  return single[0] ?? 0;
}

test("the powers after t steps are those of t times the next, also past where they come to rest", () => {
  const far = 300_000;
  for (const [beta1, beta2] of [
    [0.9, 0.99],
    [0, 0.5],
    [0.999999, 1 - 2 ** -24],
    [0.5, 0],
  ] as const) {
    const spec = adam({ beta1, beta2 });
    let powers: BetaPowers = { beta1: 1, beta2: 1 };
    for (let t = 0; t <= far; t++) {
      if (t < 4 || t === 400 || t === far) expect(betaPowers(spec, t)).toEqual(powers);
      powers = nextPowers(spec, powers);
    }
  }
});

test("powers are float32 products of float32 factors, as TensorFlow keeps them: not Math.pow's", () => {
  for (const beta of [0.9, 0.99, 0.999, 0.3]) {
    const factor = rounded(beta);
    let power = 1;
    for (let t = 1; t < 60; t++) {
      power = rounded(power * factor);
      expect(betaPowers(adam({ beta1: beta, beta2: beta }), t)).toEqual({ beta1: power, beta2: power });
    }
  }
});

test("the rate of TF1's form is lr sqrt(1 - b2^t) / (1 - b1^t) in float32, operation by operation as ApplyAdam has it", () => {
  for (const [learningRate, beta2] of [
    [0.001, 0.999],
    [0.07, 0.999],
    // A power below a half: there 1 - b2^t has more digits than a float32.
    [0.3, 0.9],
  ] as const)
    for (let t = 1; t < 60; t++) {
      const spec = adam({ learningRate, beta2 });
      const powers = betaPowers(spec, t);
      const root = rounded(Math.sqrt(rounded(1 - powers.beta2)));
      const rate = rounded(rounded(rounded(learningRate) * root) / rounded(1 - powers.beta1));
      expect(written((arena) => writeOptimizerScalars(arena as Arena, spec, powers))).toEqual({ rate });
    }
});

test("tfjs's form has both corrections by themselves, and the rate as it is", () => {
  const spec = adam({ form: "tfjs" });
  const powers = betaPowers(spec, 7);
  expect(written((arena) => writeOptimizerScalars(arena as Arena, spec, powers))).toEqual({
    correction1: rounded(1 - powers.beta1),
    correction2: rounded(1 - powers.beta2),
  });
  const keep1 = rounded(0.9);
  const keep2 = rounded(0.999);
  expect(written((arena) => writeOptimizerConstants(arena as Arena, spec))).toEqual({
    rate: rounded(0.001),
    keep1,
    keep2,
    take1: rounded(1 - keep1),
    take2: rounded(1 - keep2),
    optimizerEpsilon: rounded(1e-8),
  });
});

test("SGD has its rate and nothing else", () => {
  const sgd = { kind: "sgd", learningRate: 0.1, clip: { kind: "none" }, skipNonFinite: false } as const;
  const powers = { beta1: 1, beta2: 1 };
  expect(nextPowers(sgd, powers)).toEqual(powers);
  expect(written((arena) => writeOptimizerConstants(arena as Arena, sgd))).toEqual({
    rate: rounded(0.1),
  });
  expect(written((arena) => writeOptimizerScalars(arena as Arena, sgd, powers))).toEqual({});
});
