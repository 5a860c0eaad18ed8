import { UsageError } from "../../documents/errors.ts";
import { show } from "./knobChecks.ts";
import { isTensor } from "./tfjs/engine.ts";
import { largestMagnitude } from "./tfjs/look.ts";

/** The numbers that a person's step reports, by name. */
export type Gauges = Record<string, number>;

// The steps that run at this moment, the innermost last. `watch.gauge` is a function of the module: it has no other way to
// know the step that it is called in.
const running: Gauges[] = [];

/** Begins to take reports. */
export function openGauges(): Gauges {
  const gauges: Gauges = {};
  running.push(gauges);
  return gauges;
}

/** Ends it. */
export function closeGauges(gauges: Gauges): void {
  const at = running.indexOf(gauges);
  if (at >= 0) running.splice(at, 1);
}

/**
 * Takes a report for the step that runs.
 * @throws UsageError when the name is none, or the value is no number and no tensor.
 */
export function gauge(name: string, value: unknown): void {
  if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(name))
    throw new UsageError(
      "NANPROOF_E_GAUGE",
      `${show(name)} is no name for a gauge`,
      "Take letters, digits, _, . and -, at most 64, the first a letter or _.",
    );
  if (typeof value !== "number" && !isTensor(value))
    throw new UsageError(
      "NANPROOF_E_GAUGE",
      `gauge ${name} was given ${show(value)}`,
      "Give it a number or a tensor.",
    );
  const gauges = running.at(-1);
  if (gauges !== undefined) gauges[name] = typeof value === "number" ? value : largestMagnitude(value);
}
