import seedrandom from "seedrandom";
import { portableLog } from "./log.ts";

/** A stream of random numbers that depends on its seed and label alone. */
export interface RandomStream {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  gaussian(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
}

/**
 * Opens the stream that belongs to `label` under `seed`. Streams with different labels are
 * independent, so drawing more numbers in one place never moves the numbers in another.
 */
export function randomStream(seed: string, label: string): RandomStream {
  const generator = seedrandom(`${seed}/${label}`);
  const uniform = () => generator.double();
  let kept: number | null = null;
  return {
    uniform,
    gaussian: () => {
      if (kept !== null) {
        const value = kept;
        kept = null;
        return value;
      }
      for (;;) {
        const a = 2 * uniform() - 1;
        const b = 2 * uniform() - 1;
        const s = a * a + b * b;
        if (s > 0 && s < 1) {
          const factor = polarFactor(s);
          kept = a * factor;
          return b * factor;
        }
      }
    },
    integer: (bound) => Math.floor(uniform() * bound),
  };
}

/**
 * The factor that makes two normals of a point (a, b) of the unit disc, s = a^2 + b^2
 * (Marsaglia's polar method, Marsaglia & Bray 1964): it needs a logarithm and a square root only. The
 * square root is correctly rounded by IEEE 754, the logarithm is {@link portableLog}.
 */
function polarFactor(s: number): number {
  return Math.sqrt((-2 * portableLog(s)) / s);
}

/** Shuffles `items` in place (Fisher-Yates), in an order that depends on `random` alone. */
export function shuffle<T>(items: T[], random: RandomStream): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const item = items[last] as T;
    items[last] = items[other] as T;
    items[other] = item;
  }
}
