import { expect, test } from "vitest";
import { expectFormula, OPTIMIZERS } from "../tfjs/testing/optimizerFormula.ts";
import { explorerEngine } from "./engine.ts";
import { betaPowers, nextPowers } from "./optimizerScalars.ts";

test.each(OPTIMIZERS)("follows the float64 formula over six steps: %s", (_, optimizer, from) =>
  expectFormula(explorerEngine(), optimizer, from),
);

test("the powers after t steps are those of t times the next, also past where they come to rest", () => {
  const far = 300_000;
  for (const [beta1, beta2] of [
    [0.9, 0.99],
    [0, 0.5],
    [0.999999, 1 - 2 ** -24],
    [0.5, 0],
  ] as const) {
    const [, adam] = OPTIMIZERS[0] ?? [];
    if (adam?.kind !== "adam") throw new Error("the first optimizer is Adam");
    const spec = { ...adam, beta1, beta2 };
    let powers = { beta1: 1, beta2: 1 };
    for (let t = 0; t <= far; t++) {
      if (t < 4 || t === 400 || t === far) expect(betaPowers(spec, t)).toEqual(powers);
      powers = nextPowers(spec, powers);
    }
  }
});

test("powers are float32 products, as TensorFlow keeps them: not Math.pow's", () => {
  const [, adam] = OPTIMIZERS[0] ?? [];
  if (adam?.kind !== "adam") throw new Error("the first optimizer is Adam");
  const beta = Math.fround(0.9);
  const squared = Math.fround(beta * beta);
  expect(betaPowers({ ...adam, beta1: 0.9, beta2: 0.9 }, 3)).toEqual({
    beta1: Math.fround(squared * beta),
    beta2: Math.fround(squared * beta),
  });
});
