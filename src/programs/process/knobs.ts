import * as fc from "fast-check";
import { xorshift128plusFromState } from "pure-rand/generator/xorshift128plus";
import { UsageError } from "../../documents/errors.ts";
import { type RandomStream, randomStream } from "../../numerics/random.ts";
import type { KnobRecord } from "../protocol.ts";
import type { KnobValues } from "./case.ts";

/** Every knob of a program, by name. */
export type Knobs = Readonly<Record<string, KnobRecord>>;

/** A value of a knob. */
export type KnobValue = KnobValues[string];

/** Digits of a number that is drawn: enough to tell numbers apart, few enough to be read. */
const DIGITS = 3;
/** Halvings by which a number is drawn between its bounds. */
const HALVINGS = 24;

/** The generator of a knob's values. */
function drawing(knob: KnobRecord): fc.Arbitrary<KnobValue> {
  switch (knob.kind) {
    case "integer":
      return fc.integer({ min: knob.min, max: knob.max });
    case "uniform":
      return fraction().map((halves) => between(knob, halves, (low, high) => low / 2 + high / 2));
    case "logUniform":
      return fraction().map((halves) =>
        between(knob, halves, (low, high) => Math.sqrt(low) * Math.sqrt(high)),
      );
    case "choice":
      return fc.constantFrom(...knob.choices);
    case "lengths": {
      const [minLength, maxLength] = knob.rows;
      const [min, max] = knob.time;
      return fc.array(fc.integer({ min, max }), { minLength, maxLength, size: "max" });
    }
  }
}

const fraction = () => fc.nat(2 ** HALVINGS - 1);

/**
 * A number between a knob's bounds by halving: each bit says which half. A square root is correctly rounded by IEEE 754
 * everywhere, which exponentials and logarithms are not.
 */
function between(
  { min, max }: { min: number; max: number },
  halves: number,
  middle: (low: number, high: number) => number,
): number {
  let [low, high] = [min, max];
  for (let bit = HALVINGS - 1; bit >= 0; bit--) {
    const half = middle(low, high);
    if ((halves >> bit) & 1) low = half;
    else high = half;
  }
  return Math.min(max, Math.max(min, Number(low.toPrecision(DIGITS))));
}

/** Draws all knobs, unbiased. What comes out depends on the seed and the label alone. */
export function drawKnobs(knobs: Knobs, seed: string, label: string): KnobValues {
  const random = randomStream(seed, label);
  const state = [0, 0, 0, 0].map(() => random.integer(2 ** 32) | 0);
  const all = fc.record(mapValues(knobs, drawing));
  return all.generate(new fc.Random(xorshift128plusFromState(state)), undefined).value;
}

/** The defaults of all knobs. */
export function defaultsOf(knobs: Knobs): KnobValues {
  return mapValues(knobs, (knob) => knob.default);
}

/** Values near others: some of them are taken from `fresh` ones. */
export function mutatedKnobs(parent: KnobValues, fresh: KnobValues, random: RandomStream): KnobValues {
  const names = Object.keys(fresh);
  if (names.length === 0) return fresh;
  const one = names[random.integer(names.length)];
  const taken = names.filter((name) => random.integer(4) === 0 || name === one);
  return { ...parent, ...Object.fromEntries(taken.map((name) => [name, fresh[name] as KnobValue])) };
}

/** Simpler values of a knob to try, by fast-check's own shrinking where it has one; the simplest first. */
export function smallerValues(knob: KnobRecord, value: KnobValue): KnobValue[] {
  switch (knob.kind) {
    case "integer":
    case "lengths":
      return take(drawing(knob).shrink(value as never, undefined));
    case "choice":
      return knob.choices.slice(0, knob.choices.indexOf(value as KnobRecord["default"] as never));
    default:
      return [1, 2, 3]
        .map((digits) => Number((value as number).toPrecision(digits)))
        .concat(knob.default)
        .filter((other) => other !== value && other >= knob.min && other <= knob.max);
  }
}

const MOST_TRIED = 24;

function take(stream: fc.Stream<fc.Value<KnobValue>>): KnobValue[] {
  return [...stream.take(MOST_TRIED)].map(({ value }) => value);
}

/** The distance of a value from the simplest that its knob has: sizes, then digits. */
export function costOf(knob: KnobRecord, value: KnobValue): number {
  switch (knob.kind) {
    case "integer":
      return (value as number) - Math.max(knob.min, Math.min(knob.max, 0));
    case "lengths":
      return (value as number[]).reduce((sum, length) => sum + length, (value as number[]).length);
    case "choice":
      return knob.choices.indexOf(value as never);
    default:
      return String(value).replace(/^-?0*\.?0*|e.*$|\./g, "").length;
  }
}

/** Why a knob cannot have a value; null where it can. */
export function misfit(knob: KnobRecord, value: unknown): string | null {
  const range = (min: number, max: number) => `it goes from ${min} to ${max}`;
  switch (knob.kind) {
    case "integer":
      if (!Number.isSafeInteger(value)) return "it is a whole number";
      return (value as number) >= knob.min && (value as number) <= knob.max
        ? null
        : range(knob.min, knob.max);
    case "uniform":
    case "logUniform":
      if (typeof value !== "number" || !Number.isFinite(value)) return "it is a number";
      return value >= knob.min && value <= knob.max ? null : range(knob.min, knob.max);
    case "choice":
      return knob.choices.includes(value as never)
        ? null
        : `it is one of ${knob.choices.map((choice) => JSON.stringify(choice)).join(", ")}`;
    case "lengths": {
      const [least, most] = knob.rows;
      const [low, high] = knob.time;
      if (!Array.isArray(value) || !value.every(Number.isSafeInteger)) return "it is a list of whole numbers";
      if (value.length < least || value.length > most) return `it has ${least} to ${most} entries`;
      return value.every((length) => length >= low && length <= high)
        ? null
        : `its entries go from ${low} to ${high}`;
    }
  }
}

/**
 * Values that do not fit a program's knobs, in words; null where all do.
 * @param values Those of all knobs, or null of a script.
 */
export function knobsMisfit(knobs: Knobs, values: KnobValues | null): string | null {
  const given = values ?? {};
  for (const name of Object.keys(given))
    if (!Object.hasOwn(knobs, name)) return `the program has no knob ${name} any more`;
  for (const [name, knob] of Object.entries(knobs)) {
    if (!Object.hasOwn(given, name)) return `the program has a new knob, ${name}`;
    const why = misfit(knob, given[name]);
    if (why !== null) return `knob ${name} is ${JSON.stringify(given[name])}: ${why}`;
  }
  return null;
}

/**
 * The values that `--knob NAME=VALUE` gives.
 * @throws UsageError when there is no such knob, it is given twice, or it cannot have the value.
 */
export function givenKnobs(knobs: Knobs, texts: readonly string[]): KnobValues {
  const given: KnobValues = {};
  for (const text of texts) {
    const [name = "", ...rest] = text.split("=");
    const knob = Object.hasOwn(knobs, name) ? knobs[name] : undefined;
    const wrong = (what: string, hint: string) =>
      new UsageError("NANPROOF_E_KNOB", `--knob is ${JSON.stringify(text)}: ${what}`, hint);
    const names = Object.keys(knobs);
    if (knob === undefined)
      throw wrong(
        `the program has no knob ${JSON.stringify(name)}`,
        names.length > 0
          ? `give one of ${names.join(", ")}, as in --knob ${names[0]}=VALUE`
          : "leave it out: the program has no knobs",
      );
    if (Object.hasOwn(given, name)) throw wrong(`${name} is given twice`, "give each knob once");
    const value = rest.length === 0 ? undefined : parsed(knob, rest.join("="));
    const why = misfit(knob, value);
    if (why !== null || value === undefined)
      throw wrong(`${why}`, `give --knob ${name}=${textOf(knob.default)}, say`);
    given[name] = value;
  }
  return given;
}

/** A value as `--knob` takes it. */
export function textOf(value: KnobValue): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}

function parsed(knob: KnobRecord, text: string): KnobValue | undefined {
  const number = (part: string) => (part.trim() === "" ? Number.NaN : Number(part));
  switch (knob.kind) {
    case "choice":
      return knob.choices.find((choice) => String(choice) === text);
    case "lengths":
      return text.split(",").map(number);
    default:
      return number(text);
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
