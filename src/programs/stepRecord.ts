/** The record of one training step, measured by the host that took it. All numbers are float32. */
export interface StepRecord {
  /** Counts from 1. */
  step: number;
  loss: number;
  /**
   * Other measured numbers, by name: the same names in the same order in every record of a run. Those that any program
   * may give are named in {@link GAUGES}; the others are the program's own.
   */
  gauges: Readonly<Record<string, number>>;
  /** Which parts of the step hold finite numbers only. */
  finite: {
    loss: boolean;
    /** As the optimizer was given them, after clipping. */
    gradients: boolean;
    /** Before they were clipped. */
    rawGradients: boolean;
    weights: boolean;
    /** The optimizer's own state, such as Adam's moments. */
    moments: boolean;
  };
  /** True when the update was left out, because a gradient or the loss was not finite. */
  skipped: boolean;
  /** Weights whose bits did not change, where the host says so. */
  frozen?: readonly string[];
  /** Weights whose gradient is all 0, where the host says so. */
  zeroGradients?: readonly string[];
  /** Invariants of the program's own that the step broke. */
  violated?: readonly { name: string; message: string }[];
}

/** Names of the gauges that mean the same in every program. */
export const GAUGES = {
  /** Global 2-norm of the gradient before clipping, measured without overflow of its squares. */
  rawGradientNorm: "rawGradientNorm",
  /** Global 2-norm of what the optimizer was given, after clipping. */
  appliedGradientNorm: "appliedGradientNorm",
  /** Global 2-norm of the weights after the update. */
  weightNorm: "weightNorm",
} as const;

/** The gauge of a name; NaN where the program does not measure it. */
export function gauge({ gauges }: Pick<StepRecord, "gauges">, name: string): number {
  return gauges[name] ?? Number.NaN;
}

/**
 * True of a step that killed the run: a value that is not finite in the loss, the gradients as clipped, the
 * weights or the optimizer's state. A step whose update was left out kills nothing by its gradients.
 */
export function isFatal({ finite, skipped }: StepRecord): boolean {
  const { loss, gradients, weights, moments } = finite;
  if (skipped) return !weights || !moments;
  return !(loss && gradients && weights && moments);
}

/** True where everything that was looked at is finite, raw gradients too. */
export function isAllFinite({ finite }: StepRecord): boolean {
  return Object.values(finite).every(Boolean);
}

/** The numbers of a record in the order in which a digest takes them. */
export function recordNumbers({ loss, gauges }: StepRecord): number[] {
  return [loss, ...Object.values(gauges)];
}
