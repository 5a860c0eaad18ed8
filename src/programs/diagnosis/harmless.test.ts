import { describe, expect, it } from "vitest";
import type { Trace } from "../trace/trace.ts";
import { diagnose } from "./diagnose.ts";
import { HandMade, type Made } from "./testing/handMade.ts";

const INF = Number.POSITIVE_INFINITY;
const NAN = Number.NaN;

/** A planted piece of a step: numbers that the loss is made of, and its way back, given the gradient that comes in. */
interface Piece {
  out: Made;
  back(upstream: Made): Made;
}

const PIECES: Record<string, (t: HandMade, weight: Made) => Piece> = {
  "an attention mask that ends as a weight of 0": (t, weight) => {
    const mask = t.given("batch/mask", [0, -INF]);
    const scores = t.run("aten.add", [weight, mask], [1, -INF], { line: 10 });
    const out = t.run("aten._softmax", [scores], [1, 0], { line: 10, whole: true });
    return { out, back: (up) => through(t, "aten._softmax_backward_data", [up, out], 10) };
  },
  "a mask that is filled in": (t, weight) => {
    const scores = t.run("aten.masked_fill", [weight, t.given(null, [0, 1], "BOOL")], [1, -INF], {
      line: 10,
    });
    const out = t.run("aten._softmax", [scores], [1, 0], { line: 10, whole: true });
    return { out, back: (up) => through(t, "aten._softmax_backward_data", [up, out], 10) };
  },
  "a gate that is saturated by an overflow": (t, weight) => {
    const scaled = t.run("aten.mul", [weight, t.given(null, [1e39])], [INF, INF], { line: 11 });
    const out = t.run("aten.sigmoid", [scaled], [1, 1], { line: 11 });
    return { out, back: (up) => through(t, "aten.sigmoid_backward", [up, out], 11) };
  },
  "an unused branch whose value its gradient reads": (t, weight) => {
    const chosen = t.run("aten.lt", [weight], [1, 0], { dtype: "BOOL", line: 12 });
    const logs = t.run("aten.log", [t.run("aten.relu", [weight], [1, 0], { line: 12 })], [0, -INF], {
      line: 12,
    });
    const scaled = t.run("aten.mul", [weight, logs], [0, -INF], { line: 12 });
    const zeros = t.given(null, [0, 0]);
    const out = t.run("aten.where", [chosen, zeros, scaled], [0, 0], { line: 12 });
    return {
      out,
      // Where the gradient that comes in is finite, the person's own code makes no gradient of this branch.
      back: (up) =>
        up.numbers.some(Number.isNaN)
          ? through(t, "aten.mul", [up, logs], 12)
          : t.run("aten.clone", [up], [0.5, 0.5]),
    };
  },
  "a gate by hand that is saturated, whose gradient reads the Infinity": (t, weight) => {
    const exp = t.run("aten.exp", [weight], [2.7, INF], { line: 14 });
    const more = t.run("aten.add", [exp, t.given(null, [1])], [3.7, INF], { line: 14 });
    const out = t.run("aten.reciprocal", [more], [0.3, 0], { line: 14 });
    // Where the gradient that comes in is finite, the person's own code makes no gradient of this gate.
    const own = (up: Made) => t.run("aten.clone", [up], [0.5, 0.5], { line: 14 });
    return {
      out,
      back: (up) => (up.numbers.some(Number.isNaN) ? through(t, "aten.mul", [up, exp], 14) : own(up)),
    };
  },
  "a gradient that is clipped by value": (t, weight) => {
    const out = t.run("aten.mul", [weight, weight], [1, 4], { line: 13 });
    return {
      out,
      back(up) {
        const large = t.run(
          "aten.div",
          [up, t.given(null, [0])],
          up.numbers.map((one) => one / 0),
          { line: 13 },
        );
        return t.run(
          "aten.clamp",
          [large],
          up.numbers.map((one) => (Number.isNaN(one) ? one : 1)),
          { line: 13 },
        );
      },
    };
  },
};

/** A step with a piece that does no harm and, if asked, an exponential behind it that overflows. */
function step(make: (t: HandMade, weight: Made) => Piece, death: "none" | "exp" | "update"): Trace {
  const t = new HandMade();
  const weight = t.given("weight/w", [1, -2]);
  const { out, back } = make(t, weight);
  const sum = t.run("aten.sum", [out], [1], { line: 30 });
  const loss =
    death === "exp"
      ? t.run("aten.exp", [t.run("aten.add", [sum], [1e3], { line: 30 })], [INF], { line: 31 })
      : sum;
  t.begin("backward");
  const upstream = t.run("aten.ones_like", [], [1, 1], { line: 30 });
  const first = death === "exp" ? t.run("aten.mul", [upstream, loss], [INF, INF], { line: 31 }) : upstream;
  const spread = death === "exp" ? t.run("aten.sub", [first, first], [NAN, NAN], { line: 30 }) : upstream;
  const gradient = back(spread);
  t.begin("update");
  const rate = death === "update" ? 1e39 : 0.1;
  const moved = gradient.numbers.map((one) => one * rate);
  const change = t.run("aten.mul", [gradient, t.given(null, [rate])], moved.map(Math.fround), { line: 40 });
  const updated = t.run("aten.add_", [weight, change], change.numbers, { line: 40 });
  return t.trace({ loss, gradients: { "weight/w": gradient }, weights: { "weight/w": updated } });
}

function through(t: HandMade, operation: string, inputs: readonly Made[], line: number): Made {
  const bad = inputs[0]?.numbers.some(Number.isNaN) ?? false;
  return t.run(operation, inputs, bad ? [NAN, NAN] : [0.5, 0.5], { line });
}

describe.each(Object.entries(PIECES))("%s", (_, make) => {
  it("is no death", () => {
    const trace = step(make, "none");
    expect(trace.operations.some(({ bad }) => bad !== null)).toBe(true);
    expect(diagnose(trace)).toBe(null);
  });

  it("is not taken for the site of a death in the forward pass", () => {
    const found = diagnose(step(make, "exp"));
    expect(found?.signature).toBe("forward/exp-overflow/aten.exp");
    expect(found?.site).toMatchObject({ line: 31, index: [0] });
  });

  it("is not taken for the site of a death in the update", () => {
    expect(diagnose(step(make, "update"))?.signature).toBe("update/update-overflow/aten.mul");
  });
});
