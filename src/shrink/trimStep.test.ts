import { describe, expect, it } from "vitest";
import type { Batch } from "../programs/lstm/cases/batch.ts";
import type { CapturedStep } from "../programs/lstm/cases/capturedStep.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { type Diagnosis, diagnose } from "../programs/lstm/diagnosis/diagnosis.ts";
import type { Engine, Training } from "../programs/lstm/engines/engine.ts";
import { FINITE } from "../programs/lstm/engines/testing/plainRecord.ts";
import { tfjsEngine } from "../programs/lstm/engines/tfjs/engine.ts";
import {
  growingUnit,
  oneUnit,
  opened,
  smallCase,
  synthetic,
} from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { lstm } from "../programs/lstm/program.ts";
import { readRecording, recordedCase } from "../programs/lstm/recordings/recording.ts";
import { trimStep } from "./shrinkStep.ts";

const engine = await tfjsEngine("cpu");

function death(
  testCase: TrainingCase,
  state: ReturnType<typeof opened>["state"],
  batch: Batch,
): Diagnosis | null {
  const training = engine.start(testCase, state);
  try {
    return diagnose(testCase, batch, training.trace(batch));
  } finally {
    training.dispose();
  }
}

async function batchOf(on: Engine, step: CapturedStep, before: Diagnosis): Promise<CapturedStep> {
  const found = await trimStep(on, { step, death: before });
  if (found === null) throw new Error("the step does not die of its signature");
  return found.step;
}

/** Trims the first step of a case; what is left, and what each of both dies of. */
async function trimmed(testCase: TrainingCase) {
  const small = opened(testCase);
  const before = death(small.case, small.state, small.batch);
  if (before === null) throw new Error("the case lives");
  const { batch } = await batchOf(engine, small, before);
  return { small, batch, before, after: death(small.case, small.state, batch) };
}

/** The part of a batch whose [row, timestep] is wanted. */
function part(batch: Batch, rows: number, time: number, wanted: (row: number, t: number) => boolean): Batch {
  const pick = (values: Float32Array) => {
    const width = values.length / (batch.rows * batch.time);
    return values.filter((_, i) => {
      const place = Math.floor(i / width);
      return wanted(Math.floor(place / batch.time), place % batch.time);
    });
  };
  const lengths = batch.lengths.filter((_, row) => wanted(row, 0)).map((length) => Math.min(length, time));
  return { rows, time, x: pick(batch.x), y: pick(batch.y), lengths };
}
const without = (batch: Batch, gone: number) =>
  part(batch, batch.rows - 1, batch.time, (row) => row !== gone);
const shorter = (batch: Batch) => part(batch, batch.rows, batch.time - 1, (_, t) => t < batch.time - 1);

const growing = (x: number[][], lengths?: number[]) =>
  growingUnit(
    x.map((row) => row.map((value) => [value])),
    lengths,
  );

describe("trimming a fatal step", () => {
  it("keeps the one row and the timesteps that it needs to overflow", async () => {
    const quiet = [0, 0, 0, 0, 0, 0, 0, 0];
    const { batch, before, after } = await trimmed(growing([quiet, [0, 1, 0, 0, 0, 0, 0, 0], quiet]));
    expect(before.site).toMatchObject({ row: 1, timestep: 5 });
    expect(after?.signature).toBe("forward/recurrence-overflow/relu");
    expect(batch).toMatchObject({
      rows: 1,
      time: 6,
      lengths: Int32Array.of(6),
      x: Float32Array.of(0, 1, 0, 0, 0, 0),
    });
  });

  it("leaves the captured batch as it was", async () => {
    const { small, batch } = await trimmed(
      growing([
        [1, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
      ]),
    );
    expect(batch.rows).toBe(1);
    expect(small.batch).toMatchObject({ rows: 2, time: 6, lengths: Int32Array.of(6, 6) });
  });

  it("keeps two rows for a discarded step, the one that ended and one that goes on", async () => {
    const recorded = recordedCase(readRecording("fixtures/recordings/finished-row-beside-a-longer-one.json"));
    const { small, batch, before, after } = await trimmed(recorded);
    expect(before.mechanism).toBe("discarded-step-overflow");
    expect(after?.signature).toBe(before.signature);
    expect(batch.rows).toBe(2);
    for (const row of [0, 1])
      expect(death(small.case, small.state, without(batch, row))?.signature).not.toBe(before.signature);
  });

  it("keeps two rows of many for a discarded step", async () => {
    const live = [0, 0, 0, 0, 0, 0];
    const { batch, after } = await trimmed(growing([live, [1, 0, 0, 0, 0, 0], live, live], [3, 4, 6, 5]));
    expect(after?.mechanism).toBe("discarded-step-overflow");
    expect([...batch.lengths]).toEqual([4, 5]);
    expect(batch.time).toBe(5);
  });

  it("drops nothing that is needed: one row is left, and not its last timestep can go", async () => {
    const died = ["1", "2", "3", "4", "5", "6"].flatMap((seed) => {
      const data = { ...synthetic([6, 2, 5, 3], 7), seed };
      const testCase = smallCase({ data, init: { kind: "glorot", seed, scale: 3e8 } });
      const { state, batch } = opened(testCase);
      return death(testCase, state, batch) === null ? [] : [testCase];
    });
    expect(died.length).toBeGreaterThan(2);
    for (const testCase of died) {
      const { small, batch, before, after } = await trimmed(testCase);
      expect(after?.signature).toBe(before.signature);
      const dies = (fewer: Batch) => death(small.case, small.state, fewer)?.signature === before.signature;
      expect(batch.rows).toBe(1);
      expect(batch.time).toBeGreaterThan(1);
      expect(dies(shorter(batch))).toBe(false);
    }
  });

  it("tries a row again when another one has gone", async () => {
    const rows = [0, 1, 2, 3, 4, 5, 6, 7].map((tag) => [[tag]]);
    const {
      case: testCase,
      state,
      batch,
    } = opened(
      oneUnit({
        activation: "tanh",
        kernel: [
          [0, 0, 0, 0],
          [0, 0, 0, 0],
        ],
        bias: [0, 0, 0, 0],
        x: rows,
      }),
    );
    // Dies with rows 2 and 6, and as long as row 3 is there with row 0 too.
    const fake = fakeEngine(({ x }) => x.includes(2) && x.includes(6) && (x.includes(0) || !x.includes(3)));
    const before = diagnose(testCase, batch, fake.start(testCase, state).trace(batch)) as Diagnosis;
    const { batch: left } = await batchOf(fake, { case: testCase, state, batch }, before);
    expect([...left.x]).toEqual([2, 6]);
  });
});

/** Dies of a weight that is not finite wherever `dies` says so. */
function fakeEngine(dies: (batch: Batch) => boolean): Engine {
  const dead = { ...FINITE, weights: false };
  const training = {
    trace: (batch: Batch) => [
      {
        phase: "forward",
        timestep: null,
        layer: 0,
        tensors: [{ name: "bias", columns: 1, values: Float32Array.of(dies(batch) ? Number.NaN : 0) }],
      },
    ],
    step: (batch: Batch) => ({ finite: dies(batch) ? dead : FINITE, skipped: false }),
    dispose: () => undefined,
  };
  return { name: "tfjs-cpu", program: lstm, version: "fake", start: () => training as unknown as Training };
}
