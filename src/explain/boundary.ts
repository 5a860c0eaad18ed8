import type { StepKnob, StepNumber } from "../programs/explaining.ts";

/** Two values of something, one that lives and the nearest that dies. `lives` is null where none of those tried does. */
export interface Boundary {
  what: string;
  lives: number | null;
  dies: number;
}

/** Tells whether a step lives; null where the program does not take it. */
export type Lives<Step> = (step: Step) => Promise<boolean | null>;

/** Values that are tried in the place of a number, beside parts and multiples of itself. */
const PLAIN = [0, 1, -1, 0.01, -0.01, 100, -100, 1e10, -1e10, 1e30, -1e30];
const FACTORS = [-1, 0.5, 2, 0.9, 1.1, 0.1, 10, -0.5, -2, -10, 0.001, 1000];

/**
 * Looks for the values nearest to a number, below it and above, with which a step lives.
 * @returns Null where it dies with every value tried: the number is free. Nothing where the program takes no other value.
 */
export async function boundariesOf<Step>(
  number: StepNumber<Step>,
  lives: Lives<Step>,
): Promise<Boundary[] | null> {
  const { value, what } = number;
  if (!Number.isFinite(value)) return boundariesOfNone(number, lives);
  const tried = [...new Set([...PLAIN, ...FACTORS.map((factor) => value * factor)].map(Math.fround))]
    .filter((other) => Number.isFinite(other) && other !== value)
    .sort((a, b) => Math.abs(a - value) - Math.abs(b - value));
  const found: Boundary[] = [];
  let died = 0;
  for (const side of [-1, 1]) {
    // The nearest that lives: between it and the one tried before, which dies, lies the boundary.
    let dies = value;
    for (const other of tried.filter((one) => Math.sign(one - value) === side)) {
      const living = await livesWith(number, other, lives);
      if (living === true) {
        found.push({ what, ...(await narrowed(number, dies, other, lives)) });
        break;
      }
      if (living === false) {
        dies = other;
        died += 1;
      }
    }
  }
  return found.length === 0 && died > 0 ? null : found;
}

/** A number that is not finite has no neighbours: instead, the first plain one that lives. */
async function boundariesOfNone<Step>(
  number: StepNumber<Step>,
  lives: Lives<Step>,
): Promise<Boundary[] | null> {
  for (const other of PLAIN)
    if ((await livesWith(number, other, lives)) === true)
      return [{ what: number.what, lives: other, dies: number.value }];
  return null;
}

/** The same of a size or a setting, from where the step is to the other end of its range. */
export async function boundaryOf<Step>(knob: StepKnob<Step>, lives: Lives<Step>): Promise<Boundary | null> {
  const { what, kind, value, least } = knob;
  if (kind === "size") {
    const between = await halved(knob, lives);
    if (between !== null) return between;
    let smallest = value;
    for (let size = value - 1; size >= least; size--) {
      const living = await livesWith(knob, size, lives);
      if (living === true) return { what, lives: size, dies: smallest };
      if (living === false) smallest = size;
    }
    return smallest < value ? { what, lives: null, dies: smallest } : null;
  }
  // Where the mildest setting saves it already, as one does that clips what has an infinite norm, there is no boundary.
  if ((await livesWith(knob, value, lives)) !== false) return null;
  // Decade by decade, so that a limit in the middle is met.
  let dies = value;
  for (let limit = value / 10; limit >= least; limit /= 10) {
    const living = await livesWith(knob, limit, lives);
    if (living === true) return { what, ...(await narrowed(knob, dies, limit, lives, knob.near)) };
    // What the program does not take, or what there is no time for, is not told.
    if (living === false) dies = limit;
  }
  return dies < value ? { what, lives: null, dies } : null;
}

/** Sizes next to each other, found by halving, where the least of all lives; null where it does not, or where one is refused. */
async function halved<Step>(knob: StepKnob<Step>, lives: Lives<Step>): Promise<Boundary | null> {
  let [good, bad] = [knob.least, knob.value];
  if (good >= bad || (await livesWith(knob, good, lives)) !== true) return null;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const found = await livesWith(knob, middle, lives);
    if (found === null) return null;
    if (found) good = middle;
    else bad = middle;
  }
  return { what: knob.what, lives: good, dies: bad };
}

async function livesWith<Step>(
  number: StepNumber<Step>,
  value: number,
  lives: Lives<Step>,
): Promise<boolean | null> {
  const step = number.with(value);
  return step === null ? null : lives(step);
}

/** Halves the float32 numbers between one that dies and one that lives until they are neighbours, or of a ratio that is near enough. */
async function narrowed<Step>(
  number: StepNumber<Step>,
  dies: number,
  living: number,
  lives: Lives<Step>,
  near = 1,
): Promise<{ lives: number; dies: number }> {
  let [bad, good] = [rank(dies), rank(living)];
  let nearest = dies;
  while (Math.abs(good - bad) > 1 && !(Math.max(nearest / unrank(good), unrank(good) / nearest) < near)) {
    const middle = Math.trunc((good + bad) / 2);
    const found = await livesWith(number, unrank(middle), lives);
    if (found === true) good = middle;
    else bad = middle;
    // What the program does not take is passed over, and not told.
    if (found === false) nearest = unrank(middle);
  }
  return { lives: unrank(good), dies: nearest };
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The place of a float32 among all of them, 0 for 0. */
function rank(value: number): number {
  float[0] = value;
  const found = bits[0] as number;
  return found < 0 ? -(found & 0x7fffffff) : found;
}

function unrank(place: number): number {
  bits[0] = Math.abs(place);
  return place < 0 ? -(float[0] as number) : (float[0] as number);
}
