import { describe, expect, it } from "vitest";
import type { StepKnob } from "../programs/explaining.ts";
import { boundaryOf } from "./boundary.ts";

const knob: StepKnob<number> = {
  what: "knob rate",
  kind: "setting",
  value: 1,
  least: 1e-6,
  most: 1,
  near: 1.1,
  with: (value) => value,
};

describe("the boundary of a setting", () => {
  it("is between two values that were run", async () => {
    const ran: number[] = [];
    const found = await boundaryOf(knob, async (value) => {
      ran.push(value);
      return value < 3e-3;
    });
    expect(found?.what).toBe("knob rate");
    expect(ran).toContain(found?.lives);
    expect(ran).toContain(found?.dies);
    expect(found?.lives).toBeLessThan(3e-3);
    expect(found?.dies).toBeGreaterThanOrEqual(3e-3);
    expect((found?.dies ?? 0) / (found?.lives ?? 1)).toBeLessThan(1.1);
  });

  it("is not told of values that there was no time for, or that the program refuses", async () => {
    let left = 3;
    // 1, 0.1 and 0.01 die; then time is up.
    expect(await boundaryOf(knob, async () => (left-- > 0 ? false : null))).toEqual({
      what: "knob rate",
      lives: null,
      dies: 0.01,
    });
    expect(await boundaryOf(knob, async () => null)).toBeNull();
    expect(await boundaryOf(knob, async (value) => (value === 1 ? false : null))).toBeNull();
  });

  it("is none where the mildest setting lives", async () => {
    expect(await boundaryOf(knob, async () => true)).toBeNull();
  });
});
