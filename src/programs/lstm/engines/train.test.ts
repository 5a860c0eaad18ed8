import { describe, expect, it } from "vitest";
import type { StepRecord } from "../../stepRecord.ts";
import { RECORDS_KEPT } from "../../trajectory.ts";
import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Training } from "./engine.ts";
import { tfjsEngine } from "./tfjs/engine.ts";
import { oneUnit, opened, smallCase } from "./tfjs/testing/smallCase.ts";
import { type RunHooks, train } from "./train.ts";

const engine = await tfjsEngine("cpu");
const { optimizer, loss } = smallCase();

async function run(testCase: TrainingCase, hooks: RunHooks = {}) {
  const { state } = opened(testCase);
  const training = engine.start(testCase, state);
  try {
    return {
      trajectory: await train(engine, testCase, training, openData(testCase, { folder: "." }), hooks),
      after: training.state(),
    };
  } finally {
    training.dispose();
  }
}

/** Lives on its first batch, and on its second has an input that is not finite. */
function poisoned(skipNonFinite: boolean): TrainingCase {
  const base = oneUnit({
    activation: "tanh",
    kernel: [
      [0, 1, 0, 0],
      [0, 0, 0, 0],
    ],
    bias: [0, 0, 0, 0],
    x: [[[1]]],
    differs: {
      steps: 4,
      optimizer: { ...optimizer, skipNonFinite },
      loss: { ...loss, normalise: { kind: "epsilon", epsilon: 1 } },
    },
  });
  const batch = (x: number | "Infinity") => ({ time: 1, lengths: [1], x: [[[x]]], y: [[[1]]] });
  return { ...base, data: { kind: "explicit", batches: [batch(1), batch("Infinity")] } };
}

describe("a run", () => {
  it("completes, with one record a step and the hook called for each", async () => {
    const seen: number[] = [];
    const { trajectory } = await run(smallCase({ steps: 4 }), { onStep: ({ step }) => seen.push(step) });
    expect(trajectory).toMatchObject({ status: "completed", steps: 4 });
    expect(trajectory.records.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it("fails at the first fatal step, with its record and diagnosis, and goes no further", async () => {
    const seen: StepRecord[] = [];
    const { trajectory } = await run(poisoned(false), { onStep: (record) => seen.push(record) });
    if (trajectory.status !== "failed") throw new Error(trajectory.status);
    expect(trajectory.records).toHaveLength(2);
    expect(seen).toEqual(trajectory.records);
    expect(trajectory.death).toMatchObject({
      step: 2,
      record: seen[1],
      diagnosis: { mechanism: "non-finite-input" },
    });
  });

  it("diagnoses from the state before the fatal step, where the weights were alive", async () => {
    const { trajectory, after } = await run(poisoned(false));
    expect(after.weights[0]?.kernel.some(Number.isNaN)).toBe(true);
    expect(trajectory).toMatchObject({
      death: { diagnosis: { site: { phase: "forward", timestep: 0, tensor: "input" } } },
    });
  });

  it("with skipNonFinite goes on past it and leaves that update out", async () => {
    const { trajectory, after } = await run(poisoned(true));
    expect(trajectory.status).toBe("completed");
    expect(trajectory.records.map(({ skipped }) => skipped)).toEqual([false, true, false, true]);
    expect(trajectory.records[1]?.gauges.weightNorm).toBe(trajectory.records[0]?.gauges.weightNorm);
    expect(trajectory.records[2]?.gauges.weightNorm).not.toBe(trajectory.records[0]?.gauges.weightNorm);
    expect(after.step).toBe(2);
  });

  it("of any length keeps the last records only, and counts its steps", async () => {
    const { state } = opened(smallCase());
    const training = engine.start(smallCase(), state);
    const first = training.step(opened(smallCase()).batch);
    let step = 0;
    const stub = { ...training, step: () => ({ ...first, step: ++step }) } as unknown as Training;
    const steps = 5 * RECORDS_KEPT + 7;
    const data = openData(smallCase(), { folder: "." });
    const trajectory = await train(engine, smallCase({ steps }), stub, data);
    training.dispose();
    expect(trajectory).toMatchObject({ status: "completed", steps });
    expect(trajectory.records.at(-1)?.step).toBe(steps);
    const [oldest] = trajectory.records;
    expect(trajectory.records.map((record) => record.step - (oldest?.step ?? 0))).toEqual([
      ...trajectory.records.keys(),
    ]);
    expect(trajectory.records.length).toBeGreaterThanOrEqual(RECORDS_KEPT);
    expect(trajectory.records.length).toBeLessThan(2 * RECORDS_KEPT);
  });

  it("is interrupted after the step at hand", async () => {
    const controller = new AbortController();
    const hooks = {
      signal: controller.signal,
      onStep: ({ step }: StepRecord) => step === 2 && controller.abort(),
    };
    const { trajectory } = await run(smallCase({ steps: 50 }), hooks as RunHooks);
    expect(trajectory).toMatchObject({ status: "interrupted", records: [{ step: 1 }, { step: 2 }] });
  });

  it("gives way to timers while it trains", async () => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 60);
    const { trajectory } = await run(smallCase({ steps: 3000 }), { signal: controller.signal });
    clearTimeout(timer);
    expect(trajectory.status).toBe("interrupted");
  });

  it("may be evaluated from the hook, which changes nothing", async () => {
    const testCase = smallCase();
    const { batch } = opened(testCase);
    const plain = await run(testCase);
    const distances: number[] = [];
    const evaluated = await run(testCase, {
      onStep: (_, training) => distances.push(training.evaluate(batch)),
    });
    expect(evaluated).toEqual(plain);
    // A distance after step k is the loss that step k + 1 starts from.
    expect(distances.slice(0, 2)).toEqual(plain.trajectory.records.slice(1).map(({ loss }) => loss));
  });
});
