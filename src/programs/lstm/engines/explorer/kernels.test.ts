import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../numerics/random.ts";
import { twinNormalise, twinNormaliseGradient } from "../testing/twinLoss.ts";
import { panelsOf } from "./arenaLayout.ts";
import { CODES } from "./planFields.ts";
import { Scratchpad } from "./testing/scratchpad.ts";

const random = randomStream("kernels", "test");
const draw = (length: number, scale = 1) => Float32Array.from({ length }, () => scale * random.gaussian());

/** Distance from the float64 value in units of the last place of its float32. */
function ulps(got: number, want: number): number {
  const next = new Float32Array([Math.abs(want)]);
  const nearest = next[0] ?? 0;
  const bits = new Uint32Array(next.buffer);
  bits[0] = (bits[0] ?? 0) + 1;
  return Math.abs(got - want) / ((next[0] ?? 0) - nearest);
}

describe("product", () => {
  const shapes = [
    [1, 1, 8],
    [3, 7, 16],
    [4, 8, 8],
    [5, 9, 24],
    [6, 17, 8],
    [97, 33, 16],
    [130, 40, 40],
  ] as const;
  test.each(shapes)(
    "[%i, %i] x [.., %i]: float64's values, and the same bits row by row",
    (rows, depth, columns) => {
      const pad = new Scratchpad();
      const a = draw(rows * depth);
      const b = draw(depth * columns);
      const start = draw(rows * columns);
      const aAt = pad.putPanels(a, rows, depth);
      const bAt = pad.putPanels(b, depth, columns);
      const cAt = pad.putPanels(start, rows, columns);
      const aside = pad.putPanels(start, rows, columns);
      const [stride, bStride] = [32 * rows, 32 * depth];
      pad.kernels.product(aAt, stride, rows, depth, bAt, bStride, cAt, stride, columns / 8, cAt, stride, 32);
      const c = pad.getPanels(cAt, rows, columns);
      for (let row = 0; row < rows; row++) {
        const from = aside + 32 * row;
        pad.kernels.product(
          aAt + 32 * row,
          stride,
          1,
          depth,
          bAt,
          bStride,
          from,
          stride,
          columns / 8,
          from,
          stride,
          32,
        );
        for (let column = 0; column < columns; column++) {
          let want = start[row * columns + column] ?? 0;
          for (let k = 0; k < depth; k++) want += (a[row * depth + k] ?? 0) * (b[k * columns + column] ?? 0);
          expect(Math.abs((c[row * columns + column] ?? 0) - want)).toBeLessThan(1e-5 * depth);
        }
      }
      expect(pad.getPanels(aside, rows, columns)).toEqual(c);
    },
  );
});

describe("sigmoid and tanh", () => {
  const functions = {
    sigmoid: { code: CODES.activation.sigmoid, exact: (x: number) => 1 / (1 + Math.exp(-x)), bound: 3 },
    tanh: { code: CODES.activation.tanh, exact: Math.tanh, bound: 6 },
  };
  test.each(Object.entries(functions))("%s: every float32 exponent and sign", (_, { code, exact, bound }) => {
    const pad = new Scratchpad();
    const at = pad.put(new Float32Array(512));
    for (let top = 0; top < 0x200; top++) {
      if ((top & 0xff) === 0xff) continue;
      const bits = Uint32Array.from(
        { length: 512 },
        (_, i) => ((top << 23) >>> 0) + i * 0x4000 + random.integer(0x4000),
      );
      const x = new Float32Array(bits.buffer);
      new Float32Array(pad.kernels.memory.buffer, at, 512).set(x);
      pad.kernels.activateRun(code, at, 4 * 512);
      const y = pad.get(at, 512);
      const worst = x.reduce((most, value, i) => Math.max(most, ulps(y[i] ?? 0, exact(value))), 0);
      expect(worst, `exponent ${top & 0xff}`).toBeLessThanOrEqual(bound);
    }
  });

  test("tanh has the same bits whatever stands in the lanes beside it", () => {
    const pad = new Scratchpad();
    const apply = (values: number[]) => {
      const at = pad.put(values);
      pad.kernels.activateRun(CODES.activation.tanh, at, 16);
      return Array.from(pad.get(at, 4));
    };
    const alone = (value: number) => apply([value, value, value, value])[0];
    for (let trial = 0; trial < 200; trial++) {
      const mixed = Array.from(draw(4, 2 ** random.integer(4)));
      expect(apply(mixed)).toEqual(mixed.map(alone));
    }
    expect(apply([0.25, Number.NaN, 3, -0.5])).toEqual([0.25, Number.NaN, 3, -0.5].map(alone));
  });

  test("at the ends: infinities have their limits, NaN stays NaN, relu and linear hide no overflow", () => {
    const pad = new Scratchpad();
    const ends = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0];
    const apply = (code: number) => {
      const at = pad.put(ends);
      pad.kernels.activateRun(code, at, 16);
      return Array.from(pad.get(at, 4));
    };
    expect(apply(CODES.activation.sigmoid)).toEqual([1, 0, Number.NaN, 0.5]);
    expect(apply(CODES.activation.tanh)).toEqual([1, -1, Number.NaN, 0]);
    expect(apply(CODES.activation.relu)).toEqual([Number.POSITIVE_INFINITY, 0, Number.NaN, 0]);
    expect(apply(CODES.activation.linear)).toEqual(ends);
  });
});

describe("normalise", () => {
  const forms = [
    { kind: "tensorflow" },
    { kind: "naive" },
    { kind: "epsilon", epsilon: 0.01 },
    { kind: "safe" },
  ] as const;
  const run = (form: (typeof forms)[number], x: Float32Array, target: Float32Array, factor: number) => {
    const pad = new Scratchpad();
    const width = x.length;
    const panels = panelsOf(width);
    const xAt = pad.putPanels(x, 1, width);
    const targetAt = pad.putPanels(target, 1, width);
    const to = pad.put(new Float32Array(8 * panels));
    const mask = pad.putMask(width);
    const code = CODES.normalise[form.kind];
    const epsilon = form.kind === "epsilon" ? form.epsilon : 0;
    pad.kernels.normaliseRow(code, epsilon, xAt, 32, panels, to, 32, mask);
    const unit = pad.get(to, 8 * panels);
    pad.kernels.normaliseGradientRow(code, epsilon, xAt, targetAt, factor, 32, panels, to, mask);
    return { unit, gradient: pad.get(to, 8 * panels) };
  };

  test.each(forms)("$kind: float64's values at widths 1 to 20 and sizes 1e-8 to 1e8", (form) => {
    for (const scale of [1e-8, 1e-5, 1, 1e8])
      for (let width = 2; width <= 20; width++) {
        const x = draw(width, scale);
        const target = draw(width);
        const { unit, gradient } = run(form, x, target, -0.25);
        const wide = Float64Array.from(x);
        const wantUnit = twinNormalise(form, wide);
        const wantGradient = twinNormaliseGradient(
          form,
          wide,
          Float64Array.from(target, (value) => -0.25 * value),
        );
        const largest = Math.max(...wantGradient.map(Math.abs), 1e-30);
        wantUnit.forEach((value, i) => {
          expect(Math.abs((unit[i] ?? 0) - value)).toBeLessThan(2e-6);
        });
        wantGradient.forEach((value, i) => {
          expect(Math.abs((gradient[i] ?? 0) - value)).toBeLessThan(1e-4 * largest);
        });
        expect(unit.subarray(width).every((value) => value === 0)).toBe(true);
        expect(gradient.subarray(width).every((value) => value === 0)).toBe(true);
      }
  });

  test("at a zero vector naive is NaN, epsilon has a NaN gradient, tensorflow and safe are finite", () => {
    const zero = new Float32Array(3);
    const target = Float32Array.of(0.5, -0.5, 0.1);
    const finite = (values: Float32Array) => values.every(Number.isFinite);
    const of = (index: 0 | 1 | 2 | 3) => {
      const { unit, gradient } = run(forms[index], zero, target, -1);
      return [finite(unit), finite(gradient)];
    };
    expect([of(0), of(1), of(2), of(3)]).toEqual([
      [true, true],
      [false, false],
      [true, false],
      [true, true],
    ]);
  });

  test("lanes that pad are 0 also where the divisor is 0, so that no sum over a row reads 0/0 there", () => {
    for (const width of [1, 3, 5, 7, 9, 14])
      for (const size of [0, 1e-30]) {
        const x = new Float32Array(width).fill(size);
        for (const form of forms) {
          const { unit, gradient } = run(form, x, new Float32Array(width).fill(0.5), -1);
          const padding = new Float32Array(8 * panelsOf(width) - width);
          expect(unit.subarray(width), `${form.kind}, width ${width}`).toEqual(padding);
          expect(gradient.subarray(width).every((value) => value === 0)).toBe(true);
        }
      }
  });

  test("at 3e38 the sum of squares overflows: safe alone keeps a unit vector", () => {
    const huge = new Float32Array(4).fill(3e38);
    const units = forms.map((form) => Array.from(run(form, huge, huge, 0).unit.subarray(0, 4)));
    expect(units[0]).toEqual([0, 0, 0, 0]);
    expect(units[1]).toEqual([0, 0, 0, 0]);
    for (const value of units[3] ?? []) expect(value).toBeCloseTo(0.5, 6);
  });
});

describe("sums of squares", () => {
  const sum = (values: number[]) => {
    const pad = new Scratchpad();
    const padded = Float32Array.from({ length: 8 * Math.ceil(values.length / 8) }, (_, i) => values[i] ?? 0);
    const at = pad.put(padded);
    return [
      pad.kernels.sumOfSquares(at, 4 * padded.length),
      pad.kernels.plainSumOfSquares(at, 4 * padded.length),
    ];
  };

  test("float64 neither overflows nor underflows; the plain float32 sum does, as TensorFlow's", () => {
    const [large, plainLarge] = sum([3e38, 4e37]);
    expect(large).toBeCloseTo(Math.fround(3e38) ** 2 + Math.fround(4e37) ** 2, -60);
    expect(plainLarge).toBe(Number.POSITIVE_INFINITY);
    const [small, plainSmall] = sum([3e-30, 4e-30]);
    expect(Math.sqrt(small ?? 0) / 5e-30).toBeCloseTo(1, 6);
    expect(plainSmall).toBe(0);
    expect(sum([0, 0])[0]).toBe(0);
  });

  test("is finite exactly when every entry is", () => {
    expect(sum([1, Number.POSITIVE_INFINITY])[0]).toBe(Number.POSITIVE_INFINITY);
    expect(sum([1, 2, 3, Number.NaN, 5, 6, 7, 8, 9])[0]).toBeNaN();
    const values = Array.from(draw(1000));
    expect(sum(values)[0]).toBeCloseTo(
      values.reduce((total, value) => total + value * value, 0),
      2,
    );
  });
});
