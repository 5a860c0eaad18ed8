import { type Flag, WrongValue } from "./flag.ts";

/** The fields that every flag has, whatever it takes. */
export interface FlagOptions<Default> {
  description: string;
  /** The value where it is not given; left out for none. */
  default?: Default;
  /** The default in words, where its text says too little or it depends on more than the flag. */
  defaultWords?: string;
}

/** A flag that takes one text, which `parse` makes a value of. */
export function valueFlag<T, Default extends T | undefined>(
  { description, default: byDefault, defaultWords }: FlagOptions<Default>,
  parse: (text: string) => T,
  show: (value: T) => string,
): Flag<T | Default> {
  const read = (texts: readonly string[]) => parse(texts[0] ?? "");
  const words = byDefault === undefined ? null : show(byDefault);
  return {
    description,
    default: byDefault as Default,
    defaultWords: defaultWords ?? words,
    takes: "value",
    read,
    texts: (value) => (value === undefined ? [] : [show(value)]),
  };
}

/** A flag that takes no value; with `--no-` before its name it is turned off. */
export function switchFlag(description: string, { on = false }: { on?: boolean } = {}): Flag<boolean> {
  return {
    description,
    default: on,
    defaultWords: null,
    takes: "nothing",
    read: () => true,
    texts: () => [],
  };
}

/** The bounds of a number. */
interface Bounds {
  min?: number;
  above?: number;
  below?: number;
  integer?: boolean;
}

/** A flag that takes one number within bounds. */
export function numberFlag<Default extends number | undefined = undefined>({
  min,
  above,
  below,
  integer = false,
  ...about
}: FlagOptions<Default> & Bounds): Flag<number | Default> {
  const parse = (text: string) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const isWithin =
      Number.isFinite(value) &&
      (!integer || Number.isSafeInteger(value)) &&
      (min === undefined || value >= min) &&
      (above === undefined || value > above) &&
      (below === undefined || value < below);
    if (isWithin) return value;
    const limits = [
      min !== undefined && `at least ${min}`,
      above !== undefined && `above ${above}`,
      below !== undefined && `below ${below}`,
      integer && Math.abs(value) > Number.MAX_SAFE_INTEGER && `at most ${Number.MAX_SAFE_INTEGER}`,
    ].filter(Boolean);
    throw new WrongValue(`${integer ? "a whole number" : "a number"} ${limits.join(" and ")}`);
  };
  return valueFlag(about, parse, String);
}

/** A flag that takes a list like a,b,c. */
export function listFlag<T, Default extends T[] | undefined = undefined>({
  item,
  allowed,
  ...about
}: FlagOptions<Default> & { item: (text: string) => T | undefined; allowed: string }): Flag<T[] | Default> {
  const parse = (text: string) => {
    const items = text.split(",").map((part) => item(part.trim()));
    if (items.every((value) => value !== undefined)) return items as T[];
    throw new WrongValue(allowed);
  };
  return valueFlag<T[], Default>(about, parse, (items) => items.join(","));
}

/** A flag that takes any one text. */
export function textFlag<Default extends string | undefined = undefined>(
  about: FlagOptions<Default>,
): Flag<string | Default> {
  return valueFlag<string, Default>(about, notEmpty, (text) => text);
}

function notEmpty(text: string): string {
  if (text !== "") return text;
  throw new WrongValue("and not empty");
}

/** A flag that takes one of some names. */
export function choiceFlag<
  const Names extends readonly string[],
  Default extends Names[number] | undefined = undefined,
>({ choices, ...about }: FlagOptions<Default> & { choices: Names }): Flag<Names[number] | Default> {
  const parse = (text: string): Names[number] => {
    if (choices.includes(text)) return text;
    throw new WrongValue(`one of ${choices.join(", ")}`);
  };
  const description = `${about.description}: ${choices.join(", ")}`;
  return { ...valueFlag<Names[number], Default>({ ...about, description }, parse, (name) => name), choices };
}

/** A flag that takes any text, and may be given again and again. */
export function textsFlag(description: string): Flag<string[]> {
  return {
    description,
    default: [],
    defaultWords: null,
    takes: "values",
    read: (texts) => (texts.length === 0 ? [notEmpty("")] : texts.map(notEmpty)),
    texts: (values) => values,
  };
}
