import * as fc from "fast-check";

/** A fraction is a whole number from 0 to this one less 1, in units of 1 / WHOLE. */
const WHOLE = 2 ** 16;

/** The fraction as one of 0 to count - 1. Never grows when the fraction or the count gets smaller. */
export function cut(fraction: number, count: number): number {
  return Math.floor((fraction * count) / WHOLE);
}

/** Draws `count` fractions at once: an arbitrary for each would take ten times as long. They shrink to 0. */
export function fractions(count: number): fc.Arbitrary<readonly number[]> {
  return new Fractions(count);
}

class Fractions extends fc.Arbitrary<readonly number[]> {
  readonly #count: number;

  constructor(count: number) {
    super();
    this.#count = count;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<readonly number[]> {
    const atEdge = biasFactor !== undefined && random.nextInt(1, biasFactor) === 1;
    const draw = atEdge ? () => random.nextInt(0, 1) * (WHOLE - 1) : () => random.nextInt(0, WHOLE - 1);
    return new fc.Value(Array.from({ length: this.#count }, draw), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is readonly number[] {
    return Array.isArray(value) && value.length === this.#count;
  }

  override shrink(value: readonly number[]): fc.Stream<fc.Value<readonly number[]>> {
    return fc.stream(smaller(value)).map((fractions) => new fc.Value(fractions, undefined));
  }
}

/** Blocks of fractions set to 0, ever shorter ones; then single fractions halved. */
function* smaller(value: readonly number[]): IterableIterator<readonly number[]> {
  for (let size = value.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = 0; start < value.length; start += size) {
      const inside = (i: number) => i >= start && i < start + size;
      if (value.some((fraction, i) => fraction > 0 && inside(i)))
        yield value.map((fraction, i) => (inside(i) ? 0 : fraction));
    }
  for (const [at, fraction] of value.entries())
    if (fraction > 1) yield value.map((other, i) => (i === at ? fraction >> 1 : other));
}
