import type { Batch, DataSource } from "./batch.ts";
import type { ExplicitSpec, ModelSpec } from "./schema.ts";
import { targetWidth } from "./shapes.ts";
import { decodeTensor } from "./state.ts";

/** The batches written out in a case, in turn. `binary` is the file beside a fixture, if any. */
export function explicitData(spec: ExplicitSpec, model: ModelSpec, binary?: Uint8Array): DataSource {
  const batches = spec.batches.map(({ time, lengths, x, y }): Batch => {
    const rows = lengths.length;
    return {
      rows,
      time,
      x: decodeTensor(x, rows * time * model.inputs, binary),
      y: decodeTensor(y, rows * time * targetWidth(model), binary),
      lengths: Int32Array.from(lengths),
    };
  });
  return {
    batchesPerEpoch: batches.length,
    batch: (step) => batches[step % batches.length] as Batch,
    validation: () => [],
    description: `${batches.length} batch${batches.length === 1 ? "" : "es"} written out in the case`,
  };
}
