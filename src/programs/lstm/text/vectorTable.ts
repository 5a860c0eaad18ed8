import type { VectorTable } from "./batches.ts";
import type { Embedding } from "./embedding.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Numbers kept in memory at most, each of inputs and targets: 128 MB. */
const KEPT_NUMBERS = 2 ** 25;

/**
 * The vectors of a vocabulary by id, made when first asked for and kept: those of the most frequent
 * words, as many as fit a fixed memory; rarer words are made again each time.
 */
export function vectorTable(
  vocabulary: Vocabulary,
  embedding: Embedding,
  widths: { inputs: number; targets: number },
): VectorTable {
  const word = (id: number) => vocabulary.words[id] ?? "";
  const inputs = kept((id) => embedding.input(word(id)), widths.inputs);
  const targets =
    embedding.input === embedding.target ? inputs : kept((id) => embedding.target(word(id)), widths.targets);
  return { inputWidth: widths.inputs, targetWidth: widths.targets, inputs, targets };
}

function kept(make: (id: number) => Float32Array, width: number): (id: number) => Float32Array {
  const made: (Float32Array | undefined)[] = [];
  const last = Math.floor(KEPT_NUMBERS / width);
  return (id) => {
    const known = made[id];
    if (known) return known;
    const vector = make(id);
    if (id <= last) made[id] = vector;
    return vector;
  };
}
