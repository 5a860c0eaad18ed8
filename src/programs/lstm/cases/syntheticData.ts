import { type RandomStream, randomStream } from "../../../numerics/random.ts";
import type { Batch, DataSource } from "./batch.ts";
import type { ModelSpec, SyntheticSpec } from "./schema.ts";
import { targetWidth } from "./shapes.ts";

type RowSpec = SyntheticSpec["batches"][number]["rows"][number];

/**
 * Gaussian sequences in the padding layouts that the case names. Each row has a random stream of
 * its own, so changing one row leaves the numbers of the others alone.
 */
export function syntheticData(spec: SyntheticSpec, model: ModelSpec): DataSource {
  const made = new Map<number, Batch>();
  const count = spec.batches.length;
  return {
    batchesPerEpoch: count,
    batch(step) {
      const index = step % count;
      const known = made.get(index);
      if (known) return known;
      const batch = makeBatch(spec, model, index);
      made.set(index, batch);
      return batch;
    },
    validation: () => [],
    description: `${count} synthetic batch${count === 1 ? "" : "es"}, seed ${spec.seed}`,
  };
}

function makeBatch(spec: SyntheticSpec, model: ModelSpec, index: number): Batch {
  const { time, rows } = spec.batches[index] ?? { time: 1, rows: [] };
  const targets = targetWidth(model);
  const batch: Batch = {
    rows: rows.length,
    time,
    x: new Float32Array(rows.length * time * model.inputs),
    y: new Float32Array(rows.length * time * targets),
    lengths: Int32Array.from(rows, (row) => (spec.masked && row.padding === "after" ? row.length : time)),
  };
  rows.forEach((row, r) => {
    const random = randomStream(spec.seed, `data/${index}/${r}`);
    const first = row.padding === "before" ? time - row.length : 0;
    fillRow(batch.x, r * time, model.inputs, first, row, row.holes, spec.inputScale, random);
    fillRow(batch.y, r * time, targets, first, row, row.zeroTargets, 1, random);
  });
  return batch;
}

/** Draws every timestep of the row, then leaves out the zero vectors: a hole moves no other number. */
function fillRow(
  into: Float32Array,
  rowStart: number,
  width: number,
  first: number,
  row: RowSpec,
  zeroAt: readonly number[],
  scale: number,
  random: RandomStream,
): void {
  for (let k = 0; k < row.length; k++) {
    const t = first + k;
    const zero = zeroAt.includes(t);
    for (let unit = 0; unit < width; unit++) {
      const value = random.gaussian() * scale;
      if (!zero) into[(rowStart + t) * width + unit] = value;
    }
  }
}
