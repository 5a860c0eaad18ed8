import type { Options } from "yargs";

/** A flag of a command, all of it: help, reading, defaults and the commands that are printed come from this record. */
export interface Flag<Value = unknown> {
  description: string;
  /** The value for the command where the flag is not given. */
  default: Value;
  /** The default as --help shows it; null for nothing to show. */
  defaultWords: string | null;
  /** The number of values after it: a switch takes nothing, and a flag of values may be given again and again. */
  takes: "nothing" | "value" | "values";
  /** Its values, where they are a few words. */
  choices?: readonly string[];
  /** Reads the texts after the flag, one for each time that it is given. @throws WrongValue where one is none of its values. */
  read(texts: readonly string[]): Value;
  /** Makes the texts to type for a value, of which {@link read} makes the same value. */
  texts(value: Value): string[];
}

/** The flags of a command by their names. */
export type Flags = Readonly<Record<string, Flag>>;

/** The values of a command's flags. */
export type Values<F extends Flags> = {
  [Name in keyof F]: F[Name] extends Flag<infer Value> ? Value : never;
};

/** A value that a flag does not take. The message says which it does. */
export class WrongValue extends Error {}

/** The flags as yargs takes them. */
export function yargsOptions(flags: Flags): Record<string, Options> {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, yargsOption(name, flag)]));
}

function yargsOption(name: string, flag: Flag): Options {
  const shown = flag.defaultWords === null ? "" : ` (default ${flag.defaultWords})`;
  const describe = `${flag.description}${shown}`;
  if (flag.takes === "nothing") return { describe, type: "boolean" };
  return { describe, requiresArg: true, type: "string", coerce: (raw: unknown) => readAs(name, flag, raw) };
}

/** Of an error thrown here yargs keeps the message alone, so it carries the remedy too. */
function readAs(name: string, flag: Flag, raw: unknown): unknown {
  if (raw === undefined) return undefined;
  const texts: unknown[] = Array.isArray(raw) ? raw : [raw];
  const once = flag.takes === "values" ? "give" : "give it once,";
  const given = flag.takes !== "values" && texts.length > 1 ? `given ${texts.length} times` : null;
  try {
    const read = texts.filter((text) => typeof text === "string");
    if (read.length < texts.length || given !== null) flag.read([]);
    return flag.read(read);
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    throw new Error(`--${name} is ${given ?? JSON.stringify(raw)}: ${once} ${error.message}`);
  }
}

/** The values of a command's flags, out of what yargs has read: the default where one was not given. */
export function valuesOf<F extends Flags>(flags: F, read: Readonly<Record<string, unknown>>): Values<F> {
  const values = Object.entries(flags).map(([name, flag]) => [name, read[name] ?? flag.default]);
  return Object.fromEntries(values) as Values<F>;
}

/**
 * The flags to type for values, in their order, without those that would say the default.
 * @param always Names of flags that are typed even so.
 */
export function typedFlags<F extends Flags>(
  flags: F,
  values: Partial<Values<F>>,
  always: readonly (keyof F)[] = [],
): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const flag = flags[name];
    if (flag === undefined || value === undefined) return [];
    if (flag.takes === "nothing")
      return value === flag.default ? [] : [value === true ? `--${name}` : `--no-${name}`];
    const texts = flag.texts(value);
    const isDefault = flag.default !== undefined && texts.join("\n") === flag.texts(flag.default).join("\n");
    if (isDefault && !always.includes(name)) return [];
    // A text that begins as a flag does is taken for one where it is a word by itself.
    return texts.flatMap((text) => (text.startsWith("-") ? [`--${name}=${text}`] : [`--${name}`, text]));
  });
}

/** The words that turn a switch on or off. */
export function switchWords(flags: Flags): string[] {
  const switches = Object.entries(flags).filter(([, { takes }]) => takes === "nothing");
  return switches.flatMap(([name]) => [`--${name}`, `--no-${name}`]);
}
