import { GAUGES, type StepRecord } from "../../stepRecord.ts";

/** Quantities that are measured of each layer in a step. Maxima are over rows, timesteps (discarded ones too) and units. */
export const LAYER_QUANTITIES = ["maxCell", "maxHidden", "gradientNorm", "maxWeight"] as const;
/** One of {@link LAYER_QUANTITIES}; `gradientNorm` is that of the raw gradient, kernel and bias together, `maxWeight` the largest absolute weight after the update. */
export type LayerQuantity = (typeof LAYER_QUANTITIES)[number];

/** Quantities that are measured of a whole step; norms are 2-norms. */
export interface StepMeasures {
  /** Of the outputs, without the regulariser. */
  cosineDistance: number;
  regulariser: number;
  rawGradientNorm: number;
  appliedGradientNorm: number;
  weightNorm: number;
}

/** The name of a layer's gauge; layers count from 0, the lowest first. */
export function layerGauge(layer: number, quantity: LayerQuantity): string {
  return `layer${layer}/${quantity}`;
}

/** Names of a layer's gauges, in the order of {@link LAYER_QUANTITIES}; made once a run, not once a step. */
export type LayerGaugeNames = readonly Readonly<Record<LayerQuantity, string>>[];

/** The names of the gauges of so many layers. */
export function layerGaugeNames(layers: number): LayerGaugeNames {
  return Array.from({ length: layers }, (_, layer) => ({
    maxCell: layerGauge(layer, "maxCell"),
    maxHidden: layerGauge(layer, "maxHidden"),
    gradientNorm: layerGauge(layer, "gradientNorm"),
    maxWeight: layerGauge(layer, "maxWeight"),
  }));
}

/** The gauges of a step, in the order in which its digest takes them. */
export function stepGauges(
  { cosineDistance, regulariser, rawGradientNorm, appliedGradientNorm, weightNorm }: StepMeasures,
  names: LayerGaugeNames,
  measured: (layer: number) => Readonly<Record<LayerQuantity, number>>,
): Record<string, number> {
  const gauges: Record<string, number> = {
    cosineDistance,
    regulariser,
    [GAUGES.rawGradientNorm]: rawGradientNorm,
    [GAUGES.appliedGradientNorm]: appliedGradientNorm,
    [GAUGES.weightNorm]: weightNorm,
  };
  for (let layer = 0; layer < names.length; layer++) {
    const own = names[layer];
    if (own === undefined) continue;
    const { maxCell, maxHidden, gradientNorm, maxWeight } = measured(layer);
    gauges[own.maxCell] = maxCell;
    gauges[own.maxHidden] = maxHidden;
    gauges[own.gradientNorm] = gradientNorm;
    gauges[own.maxWeight] = maxWeight;
  }
  return gauges;
}

/** One quantity of every layer of a step, the lowest layer first. */
export function ofLayers({ gauges }: Pick<StepRecord, "gauges">, quantity: LayerQuantity): number[] {
  const values: number[] = [];
  for (let layer = 0; ; layer++) {
    const value = gauges[layerGauge(layer, quantity)];
    if (value === undefined) return values;
    values.push(value);
  }
}
