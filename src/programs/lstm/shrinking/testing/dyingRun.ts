import { presets } from "../../cases/presets.ts";
import type { TrainingCase } from "../../cases/schema.ts";

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
