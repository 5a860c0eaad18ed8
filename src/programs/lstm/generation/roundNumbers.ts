import { compareSettings } from "../cases/order.ts";

/**
 * Forty mantissas to a decade, evenly spaced on a logarithmic scale and as round as they can be: the
 * preferred numbers of ISO 3, series R"40. Written out, because Math.pow's last bit is not the same everywhere.
 */
const MANTISSAS = [
  1, 1.05, 1.1, 1.2, 1.25, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.1, 2.2, 2.4, 2.5, 2.6, 2.8, 3, 3.2, 3.4,
  3.6, 3.8, 4, 4.2, 4.5, 4.8, 5, 5.3, 5.6, 6, 6.3, 6.7, 7.1, 7.5, 8, 8.5, 9, 9.5,
] as const;

/** Smallest and largest decade that holds a float32. */
const DECADES = { min: -45, max: 38 };

/**
 * The round numbers between two bounds, these included, the simplest first. Each is as likely as the next, so a
 * draw is log-uniform. Where no round number lies between the bounds, they are the bounds themselves.
 */
export function roundNumbers({ min, max }: { min: number; max: number }): number[] {
  const found: number[] = [];
  for (let decade = DECADES.min; decade <= DECADES.max; decade++)
    for (const mantissa of MANTISSAS) {
      const value = Number(`${mantissa}e${decade}`);
      if (value >= min && value <= max) found.push(value);
    }
  if (found.length === 0) found.push(...new Set([min, max]));
  return found.sort(compareSettings);
}
