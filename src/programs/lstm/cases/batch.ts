/** One batch of padded sequences, row-major. */
export interface Batch {
  rows: number;
  /** Padded width: every row has this many timesteps, whatever its length. */
  time: number;
  /** Inputs [rows, time, inputs]. */
  x: Float32Array;
  /** Targets [rows, time, units of the top layer]. */
  y: Float32Array;
  /** Length of each row in timesteps, 0 to `time`; what follows is padding. */
  lengths: Int32Array;
}

/** The batches of a run. The batch of training step k (from 0) is `batch(k)`. */
export interface DataSource {
  /** Batches in one epoch; `batch` repeats after them. */
  batchesPerEpoch: number;
  batch(step: number): Batch;
  /** Batches kept apart from training, possibly none. */
  validation: () => Iterable<Batch>;
  /** The data in words, for a person. */
  description: string;
  /** Of a text file: how it was cut into sentences, and what about it looks wrong. */
  text?: TextReading;
}

/** The way in which a text file was cut into sentences, and what about that looks wrong. */
export interface TextReading {
  /** The choice that `auto` made, or the one that was asked for. */
  split: "lines" | "sentences";
  /** One line for a person that says which was taken, and why. */
  taken: string;
  /** One line each, for a person. */
  warnings: readonly string[];
}

/** Timesteps that TensorFlow's dynamic_rnn runs: to the longest row's end, at least one. */
export function loopBound(batch: Batch): number {
  let longest = 1;
  for (let row = 0; row < batch.rows; row++) longest = Math.max(longest, batch.lengths[row] ?? 0);
  return Math.min(batch.time, longest);
}
