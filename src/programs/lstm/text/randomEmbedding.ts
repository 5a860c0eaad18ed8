import { randomStream } from "../../../numerics/random.ts";
import type { Embedding } from "./embedding.ts";

/**
 * Gaussian vectors times `scale`, each from a stream of its own, so that a word's vector depends on
 * seed and word alone. A word is the same vector as input and as target where the widths are equal;
 * where they differ, its target vector is drawn from a second stream.
 */
export function randomEmbedding(
  seed: string,
  scale: number,
  widths: { inputs: number; targets: number },
): Embedding {
  const draw = (label: string, width: number) => {
    const random = randomStream(seed, label);
    const vector = new Float32Array(width);
    for (let unit = 0; unit < width; unit++) vector[unit] = random.gaussian() * scale;
    return vector;
  };
  const input = (word: string) => draw(`embedding/${word}`, widths.inputs);
  const target = (word: string) => draw(`target-embedding/${word}`, widths.targets);
  return { knows: () => true, input, target: widths.inputs === widths.targets ? input : target };
}
