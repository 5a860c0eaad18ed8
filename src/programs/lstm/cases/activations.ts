/** Functions that a cell may apply to its candidate and to its output; the position of each is its code in the explorer's kernels. */
export const ACTIVATIONS = ["relu", "tanh", "sigmoid", "linear"] as const;
/** One of {@link ACTIVATIONS}. */
export type Activation = (typeof ACTIVATIONS)[number];

/** Rank of each activation by simplicity, the simplest 0: tanh is the plain LSTM. */
export const SIMPLICITY: Readonly<Record<Activation, number>> = { tanh: 0, relu: 1, linear: 2, sigmoid: 3 };

/** The activations, the simplest first. */
export const SIMPLEST_FIRST: readonly Activation[] = ACTIVATIONS.toSorted(
  (a, b) => SIMPLICITY[a] - SIMPLICITY[b],
);
