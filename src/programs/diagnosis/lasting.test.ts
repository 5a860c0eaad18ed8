import { describe, expect, it } from "vitest";
import type { TraceOperation } from "../trace/trace.ts";
import { graphOf } from "./graph.ts";
import { isGradient } from "./lasting.ts";
import { HandMade, type Made } from "./testing/handMade.ts";

/** Whether what a step makes in its backward pass, out of a value of the forward pass, counts as a gradient. */
function isGradientWhere(make: (t: HandMade, forward: Made) => Made): boolean {
  const t = new HandMade();
  const forward = t.run("aten.exp", [t.given("weight/w", [1])], [2.7]);
  t.begin("backward");
  const made = make(t, forward);
  const gradient = t.run("aten.mul", [made], [1]);
  const trace = t.trace({ gradients: { "weight/w": gradient } });
  return isGradient(graphOf(trace), made.id, trace.operations.at(-1) as TraceOperation);
}

function copied(t: HandMade, value: Made, times: number): Made {
  let copy = value;
  for (let i = 0; i < times; i++) copy = t.run("aten.clone", [copy], [...copy.numbers]);
  return copy;
}

describe("what the backward pass multiplies", () => {
  it("is a gradient where the backward pass computed it", () => {
    expect(isGradientWhere((t, forward) => t.run("aten.mul", [forward], [1]))).toBe(true);
  });

  it("is none where the forward pass made it", () => {
    expect(isGradientWhere((_, forward) => forward)).toBe(false);
  });

  it.each([
    ["copy", "aten.clone"],
    ["view", "aten.t"],
    ["cast", "aten._to_copy"],
  ])("is none where it is a %s of a forward value", (_, operation) => {
    expect(isGradientWhere((t, forward) => t.run(operation, [forward], [2.7]))).toBe(false);
  });

  it.each([
    ["copy", "aten.clone"],
    ["cast", "aten._to_copy"],
  ])("is one where it is a %s of a gradient", (_, operation) => {
    const made = (t: HandMade, forward: Made) => t.run(operation, [t.run("aten.mul", [forward], [1])], [1]);
    expect(isGradientWhere(made)).toBe(true);
  });

  it("is one where it is put together from a forward value and a gradient", () => {
    const made = (t: HandMade, forward: Made) =>
      t.run("aten.cat", [forward, t.run("aten.mul", [forward], [1])], [2.7, 1]);
    expect(isGradientWhere(made)).toBe(true);
  });

  it("is one where its trace names nothing that it could be a copy of", () => {
    expect(isGradientWhere((t) => t.run("aten.clone", [], [1]))).toBe(true);
  });

  it("is looked for behind four copies and no more, as each copy may have many inputs", () => {
    expect(isGradientWhere((t, forward) => copied(t, forward, 4))).toBe(false);
    expect(isGradientWhere((t, forward) => copied(t, forward, 5))).toBe(true);
  });
});
