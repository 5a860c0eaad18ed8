import type { CapturedStep } from "../../fixtures/capture.ts";
import { range } from "../edits/matrix.ts";
import { type Merged, mergeUnits } from "../edits/mergeUnits.ts";
import type { DyingStep, Look, Pass } from "../pass.ts";

/**
 * Merges units of a layer: all of it into its largest unit, then pairs. The kept unit takes over the weights out of
 * the other, times the ratio of their hidden states as they last were finite, or whole. Safe: units that grow
 * together keep their ratio, so the merged one drives the others as both did; each sum is bounded by the sum of
 * the magnitudes.
 */
export const merge: Pass = {
  name: "merge",
  *candidates(from, look) {
    let { step } = from;
    for (let layer = step.case.model.layers.length - 1; layer >= 0; layer--) {
      const all = allIntoOne(step, layer, look(step)[layer], from);
      step = (all && (yield all))?.step ?? step;
      step = yield* mergePairs(step, layer, look, from);
    }
  },
};

function unitsOf(step: CapturedStep, layer: number): number {
  return step.case.model.layers[layer]?.units ?? 0;
}

function allIntoOne(
  step: CapturedStep,
  layer: number,
  hidden: Float32Array | undefined,
  { death }: DyingStep,
): CapturedStep | null {
  const count = unitsOf(step, layer);
  if (count < 3 || hidden === undefined) return null;
  const last = lastFinite(step, count, hidden, death.site.row);
  const kept = range(count).reduce(
    (best, unit) => (Math.abs(last[unit] ?? 0) > Math.abs(last[best] ?? 0) ? unit : best),
    0,
  );
  const merged = range(count)
    .filter((unit) => unit !== kept)
    .map((unit) => ({ unit, share: shareOf(last, unit, kept) }));
  return mergeUnits(step, layer, kept, merged);
}

/** Every pair once; after a merge the pairs of what is left. */
function* mergePairs(
  from: CapturedStep,
  layer: number,
  look: Look,
  { death }: DyingStep,
): Generator<CapturedStep, CapturedStep, DyingStep | null> {
  let step = from;
  for (let first = 0; first < unitsOf(step, layer); first++) {
    let last = lastFinite(step, unitsOf(step, layer), look(step)[layer], death.site.row);
    for (let second = first + 1; second < unitsOf(step, layer); ) {
      let accepted: DyingStep | null = null;
      for (const { kept, unit, share } of mergesOf(last, first, second)) {
        accepted = yield mergeUnits(step, layer, kept, [{ unit, share }]);
        if (accepted) break;
      }
      if (accepted === null) second += 1;
      else {
        step = accepted.step;
        last = lastFinite(step, unitsOf(step, layer), look(step)[layer], death.site.row);
      }
    }
  }
  return step;
}

/** Two units into the larger one by their ratio, then whole, either way round. */
function mergesOf(last: Float32Array, first: number, second: number): (Merged & { kept: number })[] {
  const isLarger = Math.abs(last[first] ?? 0) >= Math.abs(last[second] ?? 0);
  const [kept, unit] = isLarger ? [first, second] : [second, first];
  const share = shareOf(last, unit, kept);
  const whole = [
    { kept, unit, share: 1 },
    { kept: unit, unit: kept, share: 1 },
  ];
  return share === 1 ? whole : [{ kept, unit, share }, ...whole];
}

function shareOf(last: Float32Array, unit: number, kept: number): number {
  const [own = 0, other = 0] = [last[unit], last[kept]];
  return other === 0 ? 0 : own / other;
}

/** A row's hidden state, [units], at the last timestep where all of it is finite and some of it is not 0. */
function lastFinite(
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
