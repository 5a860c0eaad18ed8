import { describe, expect, it, test } from "vitest";
import type { Batch } from "../../../cases/batch.ts";
import type { TrainingState } from "../../../cases/state.ts";
import { explorerEngine } from "../engine.ts";
import { compileKernels, instantiateKernels } from "../kernels.ts";
import { benchArena } from "../testing/benchArena.ts";
import { type DrawnCase, drawCase } from "../testing/cases.ts";
import { LEFT_OUT, NATIVE } from "../testing/nativeProducts.ts";
import { drawWideCase } from "../testing/wideCases.ts";
import { type Products, WASM_PRODUCTS } from "./products.ts";

const module = compileKernels();
const engineWith = (products: Products) => explorerEngine(module, products);
const wasm = engineWith(WASM_PRODUCTS);

test.skip.each(LEFT_OUT)("%s", () => {});

describe.each(NATIVE)("the native products, $name", (products) => {
  const native = engineWith(products);

  it.each(CALLED)("compute: a run is another one where %s is left out", (name) => {
    const idle = {
      ...products,
      open: () => ({ ...products.open(), [name]: () => {} }) as ReturnType<Products["open"]>,
    };
    const drawn = drawCase("digest/wide/0", { size: 40, activations: ["relu", "tanh"] });
    expect(stateAfter(engineWith(idle), drawn)).not.toEqual(stateAfter(wasm, drawn));
  });

  it("put dh of discarded steps on top of the carry, and dh of the others in its place", () => {
    const wanted = carryAfter(WASM_PRODUCTS, 2);
    expect(carryAfter(products, 2)).toEqual(wanted);
    expect(Math.max(...wanted.slice(0, 16).map(Math.abs))).toBeLessThan(50);
    expect(Math.min(...wanted.slice(16).map(Math.abs))).toBeGreaterThan(50);
  });

  it("find the memory again after it has grown in the midst of a run", () => {
    const drawn = drawCase("growing", { activations: ["relu", "tanh"], size: 20 });
    const large = wider(drawn, 40);
    const run = native.start(drawn.testCase, drawn.state);
    const reference = wasm.start(drawn.testCase, drawn.state);
    for (const batch of [...drawn.batches, large, ...drawn.batches])
      expect(run.step(batch)).toEqual(reference.step(batch));
    expect(run.state()).toEqual(reference.state());
    run.dispose();
    reference.dispose();
  });

  it("have the bits of WebAssembly in steps of huge numbers", () => {
    let spoiled = 0;
    for (let i = 0; i < 60; i++) {
      const { testCase, state, batch } = drawWideCase(`products/${i}`, "huge");
      const words = [native, wasm].map((engine) => {
        const run = engine.start(testCase, state);
        run.step(batch);
        const after = bits(run.state());
        run.dispose();
        return after;
      });
      expect(words[0]).toEqual(words[1]);
      if (words[0]?.some((word) => (word & 0x7f800000) === 0x7f800000)) spoiled += 1;
    }
    expect(spoiled).toBeGreaterThan(5);
  });

  it("have the payloads and signs of NaN too: of two of them the first operand's", () => {
    const words = nanWords(products);
    expect(words).toEqual(nanWords(WASM_PRODUCTS));
    expect(new Set(words.filter((word) => (word & 0x7fffffff) > 0x7f800000)).size).toBeGreaterThan(10);
  });

  it("leave timestep 0 out of dW of the hidden state only where every dz is finite", () => {
    for (const spoiled of [1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(spoiledGradient(products, spoiled)).toEqual(spoiledGradient(WASM_PRODUCTS, spoiled));
    expect(spoiledGradient(products, Number.NaN)).not.toEqual(spoiledGradient(products, 1));
  });

  it("refuse rows and panels that the plan has not", () => {
    const functions = products.open();
    const { memory } = instantiateKernels(module);
    if (functions === null) throw new Error("they are native");
    expect(() => functions.input(0, 0, 1, 0)).toThrow(RangeError);
    const sizes = [1, 1, 1, 1, 96, 1024];
    const table = Int32Array.from([320, 320, 8, 4, 4096, 4096, ...sizes, ...Array(13).fill(4096)]);
    functions.attach(memory.buffer, table);
    expect(() => functions.input(0, 0, 8, 0)).not.toThrow();
    for (const [first, rows] of [
      [-1, 2],
      [0, 0],
      [0, 9],
      [8, 1],
      [2 ** 31 - 1, 2 ** 31 - 1],
    ] as const)
      for (const call of ["input", "recurrent", "inputGradient"] as const)
        expect(() => functions[call](0, first, rows, 0), `${call} ${first} ${rows}`).toThrow(RangeError);
    expect(() => functions.input(1, 0, 1, 0)).toThrow(RangeError);
    expect(() => functions.input(-1, 0, 1, 0)).toThrow(RangeError);
    expect(() => functions.hiddenGradient(0, 0, 5, 0, 0)).toThrow(RangeError);
    expect(() => functions.hiddenGradient(0, 0, 1, 4, 0)).toThrow(RangeError);
    expect(() => functions.weightGradient(0, 0, 8, 0, 5, 0, 0)).toThrow(RangeError);
    expect(() => functions.weightGradient(0, 0, 8, 0, 4, 8, 0)).toThrow(RangeError);
    for (const layer of [-1, 1]) {
      expect(() => functions.transpose(layer, 0, 0)).toThrow(RangeError);
      expect(() => functions.update(layer, 0, 0)).toThrow(RangeError);
    }
    for (const optimizer of [-1, 3]) expect(() => functions.update(0, 0, optimizer)).toThrow(RangeError);
    expect(() => functions.attach(memory.buffer, table.subarray(1))).toThrow(/another form/);
    const withoutMoments = table.map((word, i) => (i < table.length - 4 ? word : 0));
    functions.attach(memory.buffer, withoutMoments);
    for (const adam of [1, 2]) expect(() => functions.update(0, 0, adam)).toThrow(RangeError);
    expect(() => functions.update(0, 0, 0)).not.toThrow();
  });
});

/** A forward product and dW over inputs, weights and dz that are NaN here and there, each with a payload of its own. */
function nanWords(products: Products): number[] {
  const { kernels, arena } = benchArena(module, products);
  const { input = 0, gates = 0 } = arena.batch.layers[0] ?? {};
  const { weights: [weights] = [0], gradient = 0 } = arena.fixed.parameters[0] ?? {};
  const plant = (at: number, length: number, every: number, sign: number) => {
    for (let i = 0; i < length; i += every) arena.integers[(at >> 2) + i] = sign | 0x7fc00000 | (at + i);
  };
  plant(input, 8 * 12, 7, 0);
  plant(weights, 8 * 33 * 8, 11, 1 << 31);
  arena.pointAtState();
  kernels.inputProduct(arena.fixed.plan, arena.layer(0), 0, 12);
  const forward = arena.view(gates, 8 * 12).slice();
  plant(gates, 8 * 12, 5, 1 << 31);
  kernels.weightGradient(arena.fixed.plan, arena.layer(0));
  const backward = arena.view(gradient, 8 * 33).slice();
  return [forward, backward].flatMap((values) => [...new Uint32Array(values.buffer)]);
}

/** The words of the lowest layer's dW for the hidden state, with one dz of timestep 0 replaced. */
function spoiledGradient(products: Products, dz: number): number[] {
  const { kernels, arena } = benchArena(module, products);
  const { gates = 0 } = arena.batch.layers[0] ?? {};
  const { gradient = 0 } = arena.fixed.parameters[0] ?? {};
  arena.floats[gates >> 2] = dz;
  kernels.weightGradient(arena.fixed.plan, arena.layer(0));
  return [...new Uint32Array(arena.view(gradient + 32 * 16, 8 * 16).slice().buffer)];
}

/** The hidden carry of the lowest layer after backward through timestep 1, where the rows past `real` are discarded steps. */
function carryAfter(products: Products, real: number): number[] {
  const { kernels, arena } = benchArena(module, products);
  const { batch, fixed } = arena;
  const { hiddenCarry = 0 } = batch.layers[0] ?? {};
  arena.integers[(batch.real >> 2) + 1] = real;
  kernels.transposeKernel(fixed.plan, arena.layer(0), 0);
  for (let rank = 0; rank < 4; rank++) arena.view(hiddenCarry + 32 * rank, 8).fill(100 + rank);
  kernels.backwardStep(fixed.plan, arena.layer(0), 1);
  return [...arena.view(hiddenCarry, 8 * 4)];
}

const CALLED = [
  "input",
  "recurrent",
  "inputGradient",
  "hiddenGradient",
  "weightGradient",
  "transpose",
  "update",
] as const;

function stateAfter(engine: typeof wasm, { testCase, state, batches }: DrawnCase): TrainingState {
  const run = engine.start(testCase, state);
  for (const batch of batches) run.step(batch);
  const after = run.state();
  run.dispose();
  return after;
}

/** The first batch so many times below itself. */
function wider({ batches }: DrawnCase, times: number): Batch {
  const [{ rows, time, x, y, lengths }] = batches as [Batch];
  const repeat = (values: Float32Array) =>
    Float32Array.from({ length: times * values.length }, (_, i) => values[i % values.length] ?? 0);
  return {
    rows: times * rows,
    time,
    x: repeat(x),
    y: repeat(y),
    lengths: Int32Array.from({ length: times * rows }, (_, i) => lengths[i % rows] ?? 0),
  };
}

/** Weights and moments as words, in which one NaN differs from another. */
function bits({ weights, firstMoment, secondMoment }: TrainingState): number[] {
  return [...weights, ...firstMoment, ...secondMoment].flatMap(({ kernel, bias }) =>
    [kernel, bias].flatMap((values) => [...new Uint32Array(values.slice().buffer)]),
  );
}
