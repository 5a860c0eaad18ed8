/** By value, the number of cases that drew it and how many of them died. */
export type Counts = Map<string | number, { cases: number; deaths: number }>;

/** Values of a label that are counted together. */
export interface Bucket {
  /** The value, or a range of numbers: `0.01 to 0.1`, its upper end left out where the next begins there. */
  value: string | number;
  cases: number;
  deaths: number;
}

/** Numbers that are shown one by one; more are put into ranges. */
const MOST_VALUES = 8;
/** Ranges of equal width that numbers are put into. */
const RANGES = 6;
/** Numbers whose largest is this many times the smallest, or more, are put into powers of ten. */
const WIDE = 100;
/** Words that are shown one by one; the rarer ones are put together. */
const MOST_WORDS = 20;

/** Puts values together where there are many: numbers in ascending order, words by how often they were drawn. */
export function bucketsOf(counts: Counts): Bucket[] {
  const all = [...counts].map(([value, counted]) => ({ value, ...counted }));
  if (!all.every(isNumber)) {
    const sorted = all.sort((a, b) => b.cases - a.cases || (String(a.value) < String(b.value) ? -1 : 1));
    return together(sorted);
  }
  const numbers = all.sort((a, b) => a.value - b.value);
  return numbers.length <= MOST_VALUES ? numbers : ranges(numbers);
}

function isNumber(bucket: Bucket): bucket is Bucket & { value: number } {
  return typeof bucket.value === "number";
}

function together(sorted: Bucket[]): Bucket[] {
  const rest = sorted.slice(MOST_WORDS);
  if (rest.length === 0) return sorted;
  const sum = (of: (bucket: Bucket) => number) => rest.reduce((total, bucket) => total + of(bucket), 0);
  const others = {
    value: `${rest.length} others`,
    cases: sum(({ cases }) => cases),
    deaths: sum(({ deaths }) => deaths),
  };
  return [...sorted.slice(0, MOST_WORDS), others];
}

function ranges(numbers: (Bucket & { value: number })[]): Bucket[] {
  const least = numbers[0]?.value ?? 0;
  const most = numbers.at(-1)?.value ?? 0;
  const place =
    least > 0 && most / least >= WIDE
      ? byPowers()
      : byWidth(
          least,
          most,
          numbers.every(({ value }) => Number.isInteger(value)),
        );
  const found = new Map<string, Bucket>();
  for (const { value, cases, deaths } of numbers) {
    const range = place(value);
    const bucket = found.get(range) ?? { value: range, cases: 0, deaths: 0 };
    found.set(range, { value: range, cases: bucket.cases + cases, deaths: bucket.deaths + deaths });
  }
  return [...found.values()];
}

function byPowers(): (value: number) => string {
  return (value) => {
    // As it is written, since a logarithm may be off by one at a power.
    const power = Number(value.toExponential().split("e")[1]);
    return `${Number(`1e${power}`)} to ${Number(`1e${power + 1}`)}`;
  };
}

function byWidth(least: number, most: number, isWhole: boolean): (value: number) => string {
  const span = isWhole ? Math.ceil((most - least + 1) / RANGES) : (most - least) / RANGES;
  const shown = (value: number) => Number(value.toPrecision(4));
  return (value) => {
    const at = Math.min(RANGES - 1, Math.floor((value - least) / span));
    const from = least + at * span;
    const to = Math.min(most, from + span - 1);
    return isWhole
      ? from === to
        ? String(from)
        : `${from} to ${to}`
      : `${shown(from)} to ${shown(Math.min(most, from + span))}`;
  };
}
