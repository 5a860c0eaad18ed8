import type { StepKnob, StepNumber } from "../programs/explaining.ts";

/** Two values of something, one that lives and the nearest that dies. `lives` is null where none of those tried does. */
export interface Boundary {
  what: string;
  lives: number | null;
  dies: number;
}

/** Whether a step lives. */
export type Lives<Step> = (step: Step) => Promise<boolean>;

/** What is tried in the place of a number, beside parts and multiples of itself. */
const PLAIN = [0, 1, -1, 0.01, -0.01, 100, -100, 1e10, -1e10, 1e30, -1e30];
const FACTORS = [-1, 0.5, 2, 0.9, 1.1, 0.1, 10, -0.5, -2, -10, 0.001, 1000];

/**
 * Looks for the values nearest to a number, below it and above, with which a step lives.
 * @returns Null where it dies with every value tried: the number is free.
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
  for (const side of [-1, 1]) {
    // The nearest that lives: between it and the one tried before, which dies, lies the boundary.
    let dies = value;
    for (const other of tried.filter((one) => Math.sign(one - value) === side)) {
      if (await livesWith(number, other, lives)) {
        found.push({ what, ...(await narrowed(number, dies, other, lives)) });
        break;
      }
      dies = other;
    }
  }
  return found.length === 0 ? null : found;
}

/** A number that is none itself has no neighbours; it is told which plain one lives. */
async function boundariesOfNone<Step>(
  number: StepNumber<Step>,
  lives: Lives<Step>,
): Promise<Boundary[] | null> {
  for (const other of PLAIN)
    if (await livesWith(number, other, lives))
      return [{ what: number.what, lives: other, dies: number.value }];
  return null;
}

/** The same of a size or a setting, from where the step is to the other end of its range. */
export async function boundaryOf<Step>(knob: StepKnob<Step>, lives: Lives<Step>): Promise<Boundary | null> {
  const { what, kind, value, least } = knob;
  if (kind === "size") {
    for (let size = value - 1; size >= least; size--)
      if (await livesWith(knob, size, lives)) return { what, lives: size, dies: size + 1 };
    return value > least ? { what, lives: null, dies: least } : null;
  }
  // Decade by decade, so that a limit in the middle is met.
  let dies = value;
  for (let limit = value; limit >= least; limit /= 10) {
    if (await livesWith(knob, limit, lives)) return { what, ...(await narrowed(knob, dies, limit, lives)) };
    dies = limit;
  }
  return { what, lives: null, dies };
}

async function livesWith<Step>(
  number: StepNumber<Step>,
  value: number,
  lives: Lives<Step>,
): Promise<boolean> {
  const step = number.with(value);
  return step !== null && (await lives(step));
}

/** Halves the float32 numbers between one that dies and one that lives until they are neighbours. */
async function narrowed<Step>(
  number: StepNumber<Step>,
  dies: number,
  living: number,
  lives: Lives<Step>,
): Promise<{ lives: number; dies: number }> {
  let [bad, good] = [rank(dies), rank(living)];
  while (Math.abs(good - bad) > 1) {
    const middle = Math.trunc((good + bad) / 2);
    if (await livesWith(number, unrank(middle), lives)) good = middle;
    else bad = middle;
  }
  return { lives: unrank(good), dies: unrank(bad) };
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
