import type { Options } from "yargs";

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
/** Timers of Node hold 24.8 days. */
const MAX_SECONDS = 24 * SECONDS.d;

/**
 * A flag that takes a time like 500ms, 30s, 5m or 1h30m, as seconds.
 * @param options.orZero Whether a bare 0 is taken too, where it stands for leaving something out.
 */
export function durationFlag(name: string, describe: string, { orZero = false }: { orZero?: boolean } = {}) {
  return {
    describe,
    requiresArg: true,
    type: "string",
    coerce: (raw: unknown): number | undefined => {
      if (raw === undefined) return undefined;
      if (orZero && raw === "0") return 0;
      const seconds = typeof raw === "string" ? secondsOf(raw) : null;
      if (seconds !== null && seconds > 0 && seconds <= MAX_SECONDS) return seconds;
      const given = Array.isArray(raw) ? `given ${raw.length} times` : JSON.stringify(raw);
      throw new Error(`--${name} is ${given}: give it once, a time like 30s, 5m or 1h30m, at most 24d`);
    },
  } as const satisfies Options;
}

function secondsOf(text: string): number | null {
  const parts = [...text.matchAll(PART)];
  if (parts.map(([part]) => part).join("") !== text) return null;
  return parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
}
