import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it, vi } from "vitest";
import { startTracer } from "./tracer.ts";
import { Values } from "./values.ts";

// The real limit is too many operations for a test.
vi.mock(import("../../trace/trace.ts"), async (original) => ({
  ...(await original()),
  OPERATION_LIMIT: 3 as 200_000,
}));

beforeAll(() => tf.setBackend("cpu"));

/** The operations of a trace of so many negations, and how many it left out. */
function traceOf(negations: number) {
  const x = tf.scalar(1);
  const tracer = startTracer(null, new Values(), null, new Set());
  for (let i = 0; i < negations; i++) tf.neg(x);
  const { operations, dropped } = tracer.stop();
  return { kept: operations.map(({ n, operation }) => `${n} ${operation}`), dropped };
}

it("A trace keeps the first operations up to its limit, and counts those that it leaves out", () => {
  expect(traceOf(2)).toEqual({ kept: ["0 Neg", "1 Neg"], dropped: 0 });
  expect(traceOf(3)).toEqual({ kept: ["0 Neg", "1 Neg", "2 Neg"], dropped: 0 });
  expect(traceOf(5)).toEqual({ kept: ["0 Neg", "1 Neg", "2 Neg"], dropped: 2 });
});
