import { describe, expect, it, test } from "vitest";
import { randomStream } from "../../../../../numerics/random.ts";
import type { TrainingCase } from "../../../cases/schema.ts";
import { digestOf } from "../../../relations/sameBits.ts";
import { benchCase } from "../../bench.ts";
import { explorerEngine } from "../engine.ts";
import { compileKernels } from "../kernels.ts";
import { CODES, RESULTS } from "../planFields.ts";
import { benchArena } from "../testing/benchArena.ts";
import { LEFT_OUT, NATIVE } from "../testing/nativeProducts.ts";
import { type Products, WASM_PRODUCTS } from "./products.ts";

const module = compileKernels();
const OPTIMIZERS = ["sgd", "tf1", "tfjs"] as const;
type Optimizer = (typeof OPTIMIZERS)[number];

test.skip.each(LEFT_OUT)("%s", () => {});

describe.each(NATIVE)("the native updates, $name", (products) => {
  // 5 units fill no panel, 9 fill one and a part of the next; panels of 11 and 19 rows end in an even row.
  describe.each([5, 9, 16])("of %i units", (units) => {
    it.each(OPTIMIZERS)(
      "%s: weights, moments, maxima and sums as in WebAssembly, where all is ordinary",
      (optimizer) =>
        expect(updated(products, optimizer, units, () => {})).toEqual(
          updated(WASM_PRODUCTS, optimizer, units, () => {}),
        ),
    );

    it.each(OPTIMIZERS)(
      "%s: where numbers are NaN of many payloads, infinite, huge, denormal and 0",
      (optimizer) => {
        const wanted = updated(WASM_PRODUCTS, optimizer, units, spoil);
        expect(updated(products, optimizer, units, spoil)).toEqual(wanted);
        const nan = wanted.words.filter((word) => (word & 0x7fffffff) > 0x7f800000);
        expect(new Set(nan).size).toBeGreaterThan(5);
      },
    );

    it("sum squares that underflow in float32 in float64", () => {
      const tiny = (words: Int32Array) => words.fill(0x0d000000);
      const { sum } = updated(products, "sgd", units, tiny);
      expect(sum).toBe(updated(WASM_PRODUCTS, "sgd", units, tiny).sum);
      expect(sum).toBeGreaterThan(0);
      expect(sum).toBeLessThan(1e-50);
    });
  });

  it.each(OPTIMIZERS)("%s: parameters past the caches too", (optimizer) => {
    const large = largeCase(optimizer);
    const digest = digestOf(explorerEngine(module, products), large);
    expect(digest).toBe(digestOf(explorerEngine(module, WASM_PRODUCTS), large));
  });
});

/** All words that an update writes, and the sum of squares, after `change` has had the words that it reads. */
function updated(
  products: Products,
  optimizer: Optimizer,
  units: number,
  change: (words: Int32Array, salt: number) => void,
): { words: number[]; sum: number } {
  const { kernels, arena } = benchArena(module, products, units);
  const { fixed, integers } = arena;
  const length = 4 * Math.ceil(units / 8) * (2 * units + 1) * 8;
  const words = (at: number, count = length) => integers.subarray(at >> 2, (at >> 2) + count);
  arena.pointAtState();
  arena.set("optimizer", CODES.optimizer[optimizer]);
  for (const field of ["keep1", "keep2", "take1", "take2", "correction1", "correction2"] as const)
    arena.set(field, 0.3);
  arena.set("rate", 0.01);
  for (const { weights, firstMoment, secondMoment, gradient } of fixed.parameters)
    [weights[0], firstMoment[0], secondMoment[0], gradient].forEach((at, salt) => {
      change(words(at), salt);
    });
  kernels.update(fixed.plan, 0);
  const written = fixed.parameters.flatMap(({ weights, firstMoment, secondMoment, weightMaxima }) => [
    ...words(weights[1]),
    ...(optimizer === "sgd" ? [] : [...words(firstMoment[1]), ...words(secondMoment[1])]),
    ...words(weightMaxima, 4),
  ]);
  return {
    words: [...written, ...words(fixed.results + RESULTS.moments, 4)],
    sum: arena.result(RESULTS.weightSquares),
  };
}

/** Words of every kind here and there. */
function spoil(words: Int32Array, salt: number): void {
  const random = randomStream("native updates", String(salt));
  for (let i = 0; i < words.length; i++) {
    const kind = random.integer(12);
    if (kind === 0) words[i] = 0x7fc00000 | i;
    if (kind === 1) words[i] = 0xffc00000 | (salt << 16) | i;
    if (kind === 2) words[i] = i % 2 === 0 ? 0x7f800000 : 0xff800000;
    if (kind === 3) words[i] = 0x7f000000 | i;
    if (kind === 4) words[i] = i;
    if (kind === 5) words[i] = 0;
  }
}

/** Two steps of a layer whose parameters take more than 4 MiB. */
function largeCase(optimizer: Optimizer): TrainingCase {
  const testCase = benchCase({ units: 364, batch: 2, time: 2 });
  const { model } = testCase;
  const every = { learningRate: 0.01, clip: { kind: "none" }, skipNonFinite: false } as const;
  const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...every } as const;
  return {
    ...testCase,
    model: { ...model, layers: model.layers.slice(0, 1) },
    steps: 2,
    optimizer: optimizer === "sgd" ? { kind: "sgd", ...every } : { ...adam, form: optimizer },
  };
}
