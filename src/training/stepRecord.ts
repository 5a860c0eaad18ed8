/** What one layer went through in a step. Maxima over rows, timesteps (discarded ones too) and units. */
interface LayerRecord {
  maxCell: number;
  maxHidden: number;
  /** 2-norm of the layer's raw gradient, kernel and bias together. */
  gradientNorm: number;
  /** Largest absolute weight after the update. */
  maxWeight: number;
}

/** What one training step did, measured by the engine that did it. All numbers are float32. */
export interface StepRecord {
  /** Counts from 1. */
  step: number;
  /** Cosine distance plus regulariser. */
  loss: number;
  cosineDistance: number;
  regulariser: number;
  /** Global 2-norm of the gradient before clipping, measured without overflow of its squares. */
  rawGradientNorm: number;
  /** Global 2-norm of what the optimizer was given, after clipping. */
  appliedGradientNorm: number;
  /** Global 2-norm of kernels and biases after the update. */
  weightNorm: number;
  layers: LayerRecord[];
  /** Which parts of the step hold finite numbers only. */
  finite: { loss: boolean; gradients: boolean; weights: boolean; moments: boolean };
  /** True when skipNonFinite left the weights as they were. */
  skipped: boolean;
}

/**
 * Whether the step killed the run: a value that is not finite in the loss, the gradients, the
 * weights or the moments. A step that `skipNonFinite` left out kills nothing.
 */
export function isFatal(record: StepRecord): boolean {
  const { loss, gradients, weights, moments } = record.finite;
  if (record.skipped) return !weights || !moments;
  return !(loss && gradients && weights && moments);
}

/** The numbers of a record in the order in which a digest takes them. */
export function recordNumbers(record: StepRecord): number[] {
  return [
    record.loss,
    record.cosineDistance,
    record.regulariser,
    record.rawGradientNorm,
    record.appliedGradientNorm,
    record.weightNorm,
    ...record.layers.flatMap((layer) => [
      layer.maxCell,
      layer.maxHidden,
      layer.gradientNorm,
      layer.maxWeight,
    ]),
  ];
}
