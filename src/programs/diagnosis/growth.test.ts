import { expect, it } from "vitest";
import type { TraceOperation } from "../trace/trace.ts";
import { graphOf } from "./graph.ts";
import { growthOf } from "./growth.ts";
import { HandMade } from "./testing/handMade.ts";

/** The growth up to the last of a place's executions, each of which computes with what the one before has made. */
function growthUpTo(magnitudes: readonly number[]) {
  const t = new HandMade();
  let state = t.given("batch/0", [1]);
  for (const [execution, made] of magnitudes.entries())
    state = t.run("aten.mul", [state], [made], { execution, of: magnitudes.length });
  const trace = t.trace({ loss: state });
  return growthOf(graphOf(trace), trace.operations.at(-1) as TraceOperation);
}

const INF = Number.POSITIVE_INFINITY;

it("counts the executions from the least on, the one that overflowed included", () => {
  expect(growthUpTo([5, 1, 1e9, 1e18, 1e27, INF])).toMatchObject({
    stride: 1,
    executions: 5,
    from: 1,
    magnitudes: [1, 1e9, 1e18, 1e27],
    factor: expect.closeTo(1e9, 0),
  });
});

it("tells the growth of the execution that overflowed, where a line that computes three times a timestep has another that grows", () => {
  const timesteps = [0, 1, 2, 3].flatMap((t) => [1, 10 ** t, 10 ** (9 * t)]);
  expect(growthUpTo([...timesteps, 1, 1e4, INF])).toMatchObject({
    stride: 3,
    executions: 5,
    magnitudes: [1, 1e9, 1e18, 1e27],
    factor: expect.closeTo(1e9, 0),
  });
});
