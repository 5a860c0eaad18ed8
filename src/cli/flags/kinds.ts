import type { Options } from "yargs";
import { PRESET_NAMES } from "../../programs/lstm/cases/presets.ts";
import { DEFAULT_ENGINE, ENGINE_NAMES } from "../../programs/lstm/engines/engine.ts";

/** Of an error thrown here yargs keeps the message alone, so it carries the remedy too. */
function wrongValue(name: string, raw: unknown, remedy: string): Error {
  const given = Array.isArray(raw) ? `${raw.length} times` : JSON.stringify(raw);
  return new Error(`--${name} is ${Array.isArray(raw) ? "given " : ""}${given}: ${remedy}`);
}

/** A flag that takes no value. */
export function switchFlag(describe: string) {
  return { describe, type: "boolean", default: false } as const satisfies Options;
}

/** A flag that takes one number within bounds. */
export function numberFlag(
  name: string,
  describe: string,
  bounds: { min?: number; above?: number; below?: number; integer?: boolean },
) {
  return {
    describe,
    requiresArg: true,
    type: "string",
    coerce: (raw: unknown): number | undefined => {
      if (raw === undefined) return undefined;
      const value = typeof raw === "string" && raw.trim() !== "" ? Number(raw) : Number.NaN;
      const { min, above, below, integer } = bounds;
      const wrong =
        !Number.isFinite(value) ||
        (integer && !Number.isSafeInteger(value)) ||
        (min !== undefined && value < min) ||
        (above !== undefined && value <= above) ||
        (below !== undefined && value >= below);
      if (!wrong) return value;
      const limits = [
        min !== undefined && `at least ${min}`,
        above !== undefined && `above ${above}`,
        below !== undefined && `below ${below}`,
        integer && Math.abs(value) > Number.MAX_SAFE_INTEGER && `at most ${Number.MAX_SAFE_INTEGER}`,
      ].filter(Boolean);
      throw wrongValue(
        name,
        raw,
        `give it once, ${integer ? "a whole number" : "a number"} ${limits.join(" and ")}`,
      );
    },
  } as const satisfies Options;
}

/** A flag that takes a list like a,b,c. */
export function listFlag<T>(
  name: string,
  describe: string,
  item: (text: string) => T | undefined,
  allowed: string,
) {
  return {
    describe,
    requiresArg: true,
    type: "string",
    coerce: (raw: unknown): T[] | undefined => {
      if (raw === undefined) return undefined;
      const items = typeof raw === "string" ? raw.split(",").map((part) => item(part.trim())) : [undefined];
      if (items.every((value) => value !== undefined)) return items as T[];
      throw wrongValue(name, raw, `give it once, ${allowed}`);
    },
  } as const satisfies Options;
}

/** A flag that takes any one text. */
export function textFlag(name: string, describe: string) {
  return {
    describe,
    requiresArg: true,
    type: "string",
    coerce: (raw: unknown): string | undefined => {
      if (raw === undefined || (typeof raw === "string" && raw !== "")) return raw;
      throw wrongValue(name, raw, "give it once, and not empty");
    },
  } as const satisfies Options;
}

/** A flag that takes one of some names. */
export function choiceFlag<const T extends readonly string[]>(name: string, describe: string, choices: T) {
  return {
    describe: `${describe}: ${choices.join(", ")}`,
    requiresArg: true,
    type: "string",
    coerce: (raw: unknown): T[number] | undefined => {
      if (raw === undefined || choices.includes(raw as string)) return raw as T[number] | undefined;
      throw wrongValue(name, raw, `give it once, one of ${choices.join(", ")}`);
    },
  } as const satisfies Options;
}

/** `--engine`, the same everywhere. */
export const engineFlag = choiceFlag("engine", `what computes (default ${DEFAULT_ENGINE})`, ENGINE_NAMES);
/** `--json`, the same everywhere. */
export const jsonFlag = switchFlag("print one JSON document on stdout");
/** `--preset`, the same everywhere. */
export const presetFlag = choiceFlag("preset", "the case to start from (default published)", PRESET_NAMES);
/** `--no-shrink`, the same everywhere. */
export const shrinkFlag = {
  describe: "make the fixture of a death as small as it will go; --no-shrink leaves that out",
  type: "boolean",
  default: true,
} as const satisfies Options;
