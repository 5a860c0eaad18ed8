import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFloat32, encodeFloat32, FLOAT32_MAX } from "./float32.ts";

const anyFloat32 = fc.integer({ min: 0, max: 0xffffffff }).map((bits) => {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
});

describe("float32 in JSON", () => {
  it("reads back every float32 to the bit, NaN, infinities and -0 included", () => {
    fc.assert(
      fc.property(anyFloat32, (value) => {
        const json = JSON.parse(JSON.stringify(encodeFloat32(value)));
        expect(Object.is(decodeFloat32(json), value)).toBe(true);
      }),
      {
        numRuns: 20_000,
        seed: 1,
        examples: [[Number.NaN], [Infinity], [-Infinity], [-0], [Math.fround(1e-45)], [FLOAT32_MAX]],
      },
    );
  });

  it("is the shortest decimal that does", () => {
    expect(encodeFloat32(Math.fround(0.1))).toBe(0.1);
    expect(encodeFloat32(Math.fround(1 / 3))).toBe(0.33333334);
    expect(encodeFloat32(FLOAT32_MAX)).toBe(3.4028235e38);
  });
});
