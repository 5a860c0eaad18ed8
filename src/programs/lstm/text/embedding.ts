/** Vectors of words. Asking again for a word gives the same numbers. */
export interface Embedding {
  /** True of a word that has vectors. */
  knows(word: string): boolean;
  /** Vector of a word as input, [model.inputs]. */
  input(word: string): Float32Array;
  /** Vector of a word as target, [units of the top layer]. */
  target(word: string): Float32Array;
}
