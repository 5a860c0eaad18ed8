import { type Flag, WrongValue } from "./flag.ts";
import { type FlagOptions, valueFlag } from "./kinds.ts";

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
/** Timers of Node hold 24.8 days. */
const MAX_SECONDS = 24 * SECONDS.d;

/**
 * A flag that takes a time like 500ms, 30s, 5m or 1h30m, as seconds.
 * @param options.orZero Takes a bare 0 too, where it means that something is left out.
 */
export function durationFlag<Default extends number | undefined = undefined>({
  orZero = false,
  ...about
}: FlagOptions<Default> & { orZero?: boolean }): Flag<number | Default> {
  const parse = (text: string): number => {
    if (orZero && text === "0") return 0;
    const seconds = secondsOf(text);
    if (seconds !== null && seconds > 0 && seconds <= MAX_SECONDS) return seconds;
    throw new WrongValue("a time like 30s, 5m or 1h30m, at most 24d");
  };
  return valueFlag<number, Default>(about, parse, durationText);
}

/** A time as it is typed. */
export function durationText(seconds: number): string {
  return seconds === 0 ? "0" : `${seconds}s`;
}

function secondsOf(text: string): number | null {
  const parts = [...text.matchAll(PART)];
  if (parts.map(([part]) => part).join("") !== text) return null;
  return parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
}
