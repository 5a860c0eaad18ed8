/** Vectors of words. Asking again for a word gives the same numbers. */
export interface Embedding {
  /** Whether the word has vectors at all. */
  knows(word: string): boolean;
  /** Vector of a word as input, [model.inputs]. */
  input(word: string): Float32Array;
  /** Vector of a word as target, [units of the top layer]. */
  target(word: string): Float32Array;
}
