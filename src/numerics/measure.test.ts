import { describe, expect, it } from "vitest";
import { allFinite, maxAbs, norm } from "./measure.ts";

const f = (...values: number[]) => Float32Array.of(...values);

describe("norm", () => {
  it("neither overflows nor underflows on the way", () => {
    expect(norm([f(3e20, 4e20)])).toBe(Math.fround(5e20));
    expect(norm([f(3e-30), f(4e-30)])).toBe(Math.fround(5e-30));
    expect(norm([f(1e-45)])).toBe(Math.fround(1e-45));
  });

  it("is Infinity where the norm is no float32 or an entry is infinite, NaN where one is NaN", () => {
    expect(norm([f(3e38, 3e38)])).toBe(Infinity);
    expect(norm([f(1, -Infinity)])).toBe(Infinity);
    expect(norm([f(Infinity), f(Number.NaN)])).toBeNaN();
  });
});

describe("maxAbs and allFinite", () => {
  it("see every entry of every array", () => {
    expect(maxAbs([f(1, -7), f(3)])).toBe(7);
    expect(maxAbs([])).toBe(0);
    expect(maxAbs([f(Infinity, Number.NaN, 1)])).toBeNaN();
    expect(allFinite([f(1), f(2, Number.NaN)])).toBe(false);
    expect(allFinite([f(1), f(-Infinity)])).toBe(false);
    expect(allFinite([f(1), f(-3e38)])).toBe(true);
  });
});
