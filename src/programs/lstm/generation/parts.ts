import * as fc from "fast-check";

/** A part is a whole number from 0 up to, without, this one, and means the fraction part / WHOLE. */
const WHOLE = 2 ** 16;

/** The part as one of 0 to count - 1. Never grows when the part or the count gets smaller. */
export function cut(part: number, count: number): number {
  return Math.floor((part * count) / WHOLE);
}

/** Draws `count` parts at once: an arbitrary for each would take ten times as long. They shrink to 0. */
export function parts(count: number): fc.Arbitrary<readonly number[]> {
  return new Parts(count);
}

class Parts extends fc.Arbitrary<readonly number[]> {
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
    return fc.stream(smaller(value)).map((parts) => new fc.Value(parts, undefined));
  }
}

/** Blocks of parts set to 0, ever shorter ones; then single parts halved. */
function* smaller(value: readonly number[]): IterableIterator<readonly number[]> {
  for (let size = value.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = 0; start < value.length; start += size) {
      const inside = (i: number) => i >= start && i < start + size;
      if (value.some((part, i) => part > 0 && inside(i)))
        yield value.map((part, i) => (inside(i) ? 0 : part));
    }
  for (const [at, part] of value.entries())
    if (part > 1) yield value.map((other, i) => (i === at ? part >> 1 : other));
}
