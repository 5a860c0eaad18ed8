import type { StepRecord } from "../../../stepRecord.ts";
import { type LayerQuantity, layerGaugeNames, type StepMeasures, stepGauges } from "../gauges.ts";

/** Every part of a step finite. */
export const FINITE: StepRecord["finite"] = {
  loss: true,
  gradients: true,
  rawGradients: true,
  weights: true,
  moments: true,
};

/** Fields in which a record under test differs from the plain one. */
export type Differs = Partial<Pick<StepRecord, "loss" | "finite" | "skipped">> &
  Partial<StepMeasures> & { layers?: Record<LayerQuantity, number>[] };

/** The record of a healthy step, apart from the fields given. */
export function plainRecord(step: number, differs: Differs = {}): StepRecord {
  const { loss = 0.9, finite = FINITE, skipped = false, layers = [], ...measures } = differs;
  const plain: StepMeasures = {
    cosineDistance: 0.9,
    regulariser: 0,
    rawGradientNorm: 3,
    appliedGradientNorm: 1,
    weightNorm: 10,
  };
  const gauges = stepGauges({ ...plain, ...measures }, layerGaugeNames(layers.length), (l) => {
    const layer = layers[l];
    if (layer === undefined) throw new Error(`layer ${l} is not given`);
    return layer;
  });
  return { step, loss, gauges, finite, skipped };
}
