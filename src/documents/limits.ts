/**
 * Bounds on every size a case may name, checked before anything is allocated for it.
 * The widest run they admit is the published program at four times its size.
 */
export const LIMITS = {
  units: 2048,
  inputs: 2048,
  layers: 16,
  rows: 4096,
  timesteps: 4096,
  batches: 1024,
  steps: 10_000_000,
  /** Kernel and bias entries of all layers; each is held up to eight times (moments, gradients, copies). */
  parameters: 2 ** 25,
  /** rows x timesteps x (inputs + units of all layers) of one batch. */
  activations: 2 ** 27,
  /** x and y entries of all explicit or synthetic batches together. */
  dataNumbers: 2 ** 26,
  /** The binary file beside a fixture: weights, both moments and the data, as float32. */
  binaryBytes: 4 * (3 * 2 ** 25 + 2 ** 26),
  sentences: 10_000_000,
  vocabulary: 10_000_000,
} as const;
