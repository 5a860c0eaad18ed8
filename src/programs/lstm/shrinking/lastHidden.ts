import type { CapturedStep } from "../cases/capturedStep.ts";

/** A row's hidden state of one layer, [units], at the last timestep where all of it is finite and some of it is not 0. */
export function lastHidden(
  { batch }: CapturedStep,
  units: number,
  hidden: Float32Array | undefined,
  row: number,
): Float32Array {
  for (let t = batch.time - 1; t >= 0 && hidden !== undefined; t--) {
    const at = hidden.subarray((row * batch.time + t) * units, (row * batch.time + t + 1) * units);
    if (at.every(Number.isFinite) && at.some((value) => value !== 0)) return at;
  }
  return new Float32Array(units);
}

/** A unit's hidden state as a multiple of the kept unit's; 0 where the kept one's is 0. */
export function shareOf(last: Float32Array, unit: number, kept: number): number {
  const [own = 0, other = 0] = [last[unit], last[kept]];
  return other === 0 ? 0 : own / other;
}

/** The units of a layer by the magnitude of their hidden state, the smallest first. */
export function bySize(last: Float32Array): number[] {
  const size = (unit: number) => Math.abs(last[unit] ?? 0);
  return Array.from(last, (_, unit) => unit).sort((a, b) => size(a) - size(b) || a - b);
}
