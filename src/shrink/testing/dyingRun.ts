import { openData } from "../../cases/data.ts";
import { presets } from "../../cases/presets.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import { initialState } from "../../cases/state.ts";
import type { Engine } from "../../training/engine.ts";
import { train } from "../../training/run.ts";
import { onBatch } from "../edits/batch.ts";
import type { DyingStep } from "../pass.ts";

/** The published cells, small, on synthetic rows that all start together; of unequal lengths where `uneven` says so. */
export function syntheticRun({
  seed,
  units,
  time,
  learningRate,
  axis,
  uneven,
}: {
  seed: string;
  units: number;
  time: number;
  learningRate: number;
  axis: "time" | "embedding";
  uneven: number;
}): TrainingCase {
  const { model, loss, optimizer } = presets.published;
  const rows = [0, 1, 2, 3].map((row) => ({
    length: Math.max(1, time - row * uneven),
    padding: "after" as const,
    holes: [],
    zeroTargets: [],
  }));
  return {
    ...presets.published,
    model: { ...model, inputs: units, layers: model.layers.map((layer) => ({ ...layer, units })) },
    init: { kind: "glorot", seed, scale: 1 },
    data: {
      kind: "synthetic",
      seed,
      inputScale: 0.4,
      masked: true,
      batches: [0, 1, 2, 3].map(() => ({ time, rows })),
    },
    loss: { ...loss, axis },
    optimizer: { ...optimizer, learningRate },
    steps: 2500,
  };
}

/** Trains a case until it dies; null where it lives. */
export async function dyingStep(engine: Engine, testCase: TrainingCase): Promise<DyingStep | null> {
  const data = openData(testCase, { folder: "." });
  const training = engine.start(testCase, initialState(testCase));
  try {
    const trajectory = await train(engine, testCase, training, data);
    if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return null;
    const batch = data.batch(trajectory.death.step - 1);
    const step = onBatch({ case: testCase, state: training.previousState(), batch }, batch);
    return { step, death: trajectory.death.diagnosis };
  } finally {
    training.dispose();
  }
}
