/**
 * The gates of an LSTM cell in the order of a kernel's columns: i, j, f, o, as TensorFlow 1's LSTMCell splits them
 * (tf.nn.rnn_cell.LSTMCell). The one place that decides it; the kernels of the explorer have it in assembly/plan.ts.
 */
export const GATES = ["input gate", "candidate", "forget gate", "output gate"] as const;
/** One of {@link GATES}. */
export type Gate = (typeof GATES)[number];

/** Columns of a kernel, and entries of a bias: every gate has one a unit. */
export function gateColumns(units: number): number {
  return GATES.length * units;
}

/** The column of a gate of a unit. */
export function gateColumn(gate: Gate, unit: number, units: number): number {
  return GATES.indexOf(gate) * units + unit;
}

/** The gate and the unit that a column belongs to. */
export function gateOfColumn(column: number, units: number): { gate: Gate; unit: number } {
  return { gate: GATES[Math.floor(column / units)] ?? GATES[0], unit: column % units };
}
