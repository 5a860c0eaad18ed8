/**
 * Claim: with `safe` normalisation the cosine distance of any two float32 vectors is finite and in [0, 2], and its
 * gradient is finite and at most 1e6 times the upstream one; above the floor of 1e-6 it does not depend on scale, and the
 * distance of a vector to itself is 0. The three obvious normalisations each break a part of it, on the reference engine
 * and on the explorer alike.
 */
import { fc, test } from "@fast-check/vitest";
import { beforeAll, describe, expect, it } from "vitest";
import type { LossSpec } from "../src/programs/lstm/cases/schema.ts";
import { loadBackend } from "../src/programs/lstm/engines/tfjs/backend.ts";
import { explorerCosine, type Outcome, tfjsCosine, UNITS, type Vector } from "./testing/cosine.ts";
import { profile } from "./testing/profile.ts";

/** Rounding of a sum of products of unit vectors in float32. */
const ROUNDING = 1e-6;
const LARGEST_GRADIENT = 1e6 * (1 + 1e-5);

const length = (x: Vector) => Math.hypot(...x);

/** The parts of the claim; each says what is wrong with a pair of vectors, or null. */
const PARTS = {
  "finite and in [0, 2]": ({ distance }: Outcome) => distance >= -ROUNDING && distance <= 2 + ROUNDING,
  "gradient at most 1e6 times the upstream one": ({ gradient }: Outcome) =>
    length(gradient) <= LARGEST_GRADIENT,
} as const;

const magnitude = fc.constantFrom(0, 1e-45, 1e-38, 1e-20, 1e-7, 9e-7, 1.1e-6, 1e-3, 1, 1e3, 1e18, 1e20, 3e38);
const direction = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), {
  minLength: UNITS,
  maxLength: UNITS,
});
/** Zero, denormal, tiny, ordinary and huge vectors. */
const scaled = fc
  .tuple(direction, magnitude)
  .map(([units, scale]) => units.map((unit) => Math.fround(unit * scale)));
/** Entries of all magnitudes beside one another. */
const mixed = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
  minLength: UNITS,
  maxLength: UNITS,
});
const anyVector = fc.oneof(scaled, mixed);
/** Pairs: independent, equal, opposite. */
const pair = fc.oneof(
  fc.tuple(anyVector, anyVector),
  anyVector.map((x): [Vector, Vector] => [x, x]),
  anyVector.map((x): [Vector, Vector] => [x, x.map((unit) => -unit)]),
);
const above = anyVector.filter((x) => length(x) > 2e-6);

const zero = [0, 0, 0, 0];
const ones = [1, 1, 1, 1];
const times = (x: Vector, factor: number) => x.map((unit) => Math.fround(unit * factor));

/** The part of the claim that each of the obvious forms breaks, with the vectors [target, output] that show it. */
const BROKEN: [LossSpec["normalise"], keyof typeof PARTS | "distance to itself" | "scale", Vector, Vector][] =
  [
    [{ kind: "naive" }, "finite and in [0, 2]", ones, zero],
    [{ kind: "naive" }, "gradient at most 1e6 times the upstream one", ones, zero],
    [{ kind: "naive" }, "gradient at most 1e6 times the upstream one", ones, [1e-7, 0, 0, 0]],
    [{ kind: "naive" }, "distance to itself", times(ones, 1e20), times(ones, 1e20)],
    [{ kind: "epsilon", epsilon: 1e-8 }, "gradient at most 1e6 times the upstream one", ones, zero],
    [{ kind: "epsilon", epsilon: 1e-8 }, "distance to itself", times(ones, 1e20), times(ones, 1e20)],
    [{ kind: "epsilon", epsilon: 1e-8 }, "scale", ones, times(ones, 1e20)],
    [{ kind: "tensorflow" }, "distance to itself", times(ones, 1e20), times(ones, 1e20)],
    [{ kind: "tensorflow" }, "scale", ones, times(ones, 1e20)],
  ];

beforeAll(() => loadBackend("wasm"));

describe.each([
  ["tfjs", tfjsCosine],
  ["explorer", explorerCosine],
] as const)("zero-vector-safe cosine distance on %s", (engine, cosine) => {
  const safe = (target: Vector, output: Vector) => cosine({ kind: "safe" }, target, output);
  const runs = (claim: string) => profile(`${engine}: ${claim}`, 400);

  it.each(Object.entries(PARTS))("%s, for any two vectors", (claim, holds) => {
    fc.assert(
      fc.property(pair, ([target, output]) => holds(safe(target, output))),
      runs(claim),
    );
  });

  test.prop([above], runs("of a vector to itself"))("of a vector to itself is 0 above the floor", (x) => {
    expect(Math.abs(safe(x, x).distance)).toBeLessThanOrEqual(ROUNDING);
  });

  const ordinary = direction.filter((x) => length(x) > 1e-2).map((x) => x.map(Math.fround));
  const factor = fc.constantFrom(1e-3, 1e3, 1e18, 1e20, 1e38);
  test.prop([ordinary, ordinary, factor], runs("scale"))(
    "does not depend on scale above the floor",
    (target, output, by) => {
      const moved = safe(target, times(output, by)).distance - safe(target, output).distance;
      expect(Math.abs(moved)).toBeLessThanOrEqual(ROUNDING);
    },
  );

  it.each(BROKEN)("%j breaks %s: target %j, output %j", (form, part, target, output) => {
    const outcome = cosine(form, target, output);
    if (part === "distance to itself") expect(Math.abs(outcome.distance) <= ROUNDING).toBe(false);
    else if (part === "scale")
      expect(Math.abs(outcome.distance - cosine(form, target, ones).distance) <= ROUNDING).toBe(false);
    else expect(PARTS[part](outcome)).toBe(false);
  });

  it.each(BROKEN)("safe breaks nothing where %j breaks %s", (_, part, target, output) => {
    const outcome = safe(target, output);
    for (const holds of Object.values(PARTS)) expect(holds(outcome)).toBe(true);
    if (part === "distance to itself") expect(Math.abs(outcome.distance)).toBeLessThanOrEqual(ROUNDING);
    if (part === "scale")
      expect(Math.abs(outcome.distance - safe(target, ones).distance)).toBeLessThanOrEqual(ROUNDING);
  });
});
