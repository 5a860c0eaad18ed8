import type { DyingStep, Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { layerOutputs } from "../../diagnosis/examine.ts";
import type { Engine } from "../../engines/engine.ts";
import { range } from "../edits/matrix.ts";
import { type Merged, mergeUnits } from "../edits/mergeUnits.ts";
import { bySize, lastHidden, shareOf } from "../lastHidden.ts";

/** In a layer of more units runs of them are merged before pairs, which would take as many candidates as it has units. */
const MANY_UNITS = 64;

/**
 * Merges units of a layer: all of it into its largest unit, then runs where it is large, then pairs. The kept unit
 * takes over the weights out of the other, times the ratio of their hidden states as they last were finite, or whole.
 * Safe: units that grow together keep their ratio, so the merged one drives the others as both did; each sum is
 * bounded by the sum of the magnitudes.
 */
export const merge: Pass<CapturedStep, Diagnosis> = {
  name: "merge",
  *candidates(from, engine: Engine) {
    let { step } = from;
    for (let layer = step.case.model.layers.length - 1; layer >= 0; layer--) {
      const all = allIntoOne(step, layer, layerOutputs(engine, step)[layer], from);
      step = (all && (yield all))?.step ?? step;
      if (unitsOf(step, layer) > MANY_UNITS) step = yield* mergeRuns(step, layer, engine, from);
      step = yield* mergePairs(step, layer, engine, from);
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
  { death }: DyingStep<CapturedStep, Diagnosis>,
): CapturedStep | null {
  const count = unitsOf(step, layer);
  if (count < 3 || hidden === undefined) return null;
  const last = lastHidden(step, count, hidden, death.site?.row ?? 0);
  const kept = range(count).reduce(
    (best, unit) => (Math.abs(last[unit] ?? 0) > Math.abs(last[best] ?? 0) ? unit : best),
    0,
  );
  const merged = range(count)
    .filter((unit) => unit !== kept)
    .map((unit) => ({ unit, share: shareOf(last, unit, kept) }));
  return mergeUnits(step, layer, kept, merged);
}

/** The hidden state of each unit of a layer as it last was finite, in the row that dies. */
function lastOf(
  step: CapturedStep,
  layer: number,
  engine: Engine,
  { death }: DyingStep<CapturedStep, Diagnosis>,
): Float32Array {
  return lastHidden(step, unitsOf(step, layer), layerOutputs(engine, step)[layer], death.site?.row ?? 0);
}

/** Halves of the units by size, the smaller first, each into its largest unit; then quarters, down to two. */
function* mergeRuns(
  from: CapturedStep,
  layer: number,
  engine: Engine,
  dying: DyingStep<CapturedStep, Diagnosis>,
): Generator<CapturedStep, CapturedStep, DyingStep<CapturedStep, Diagnosis> | null> {
  let step = from;
  for (
    let size = Math.ceil(unitsOf(step, layer) / 2);
    size > 1;
    size = size === 2 ? 1 : Math.ceil(size / 2)
  ) {
    let last = lastOf(step, layer, engine, dying);
    for (let start = 0; start < unitsOf(step, layer) - 1; ) {
      const run = bySize(last).slice(start, start + size);
      const kept = run.pop() ?? 0;
      const merged = run.map((unit) => ({ unit, share: shareOf(last, unit, kept) }));
      const accepted: DyingStep<CapturedStep, Diagnosis> | null = yield mergeUnits(step, layer, kept, merged);
      if (accepted) {
        step = accepted.step;
        last = lastOf(step, layer, engine, dying);
      }
      start += accepted ? 1 : size;
    }
  }
  return step;
}

/** Every pair once; after a merge the pairs of what is left. */
function* mergePairs(
  from: CapturedStep,
  layer: number,
  engine: Engine,
  dying: DyingStep<CapturedStep, Diagnosis>,
): Generator<CapturedStep, CapturedStep, DyingStep<CapturedStep, Diagnosis> | null> {
  let step = from;
  for (let first = 0; first < unitsOf(step, layer); first++) {
    let last = lastOf(step, layer, engine, dying);
    for (let second = first + 1; second < unitsOf(step, layer); ) {
      let accepted: DyingStep<CapturedStep, Diagnosis> | null = null;
      for (const { kept, unit, share } of mergesOf(last, first, second)) {
        accepted = yield mergeUnits(step, layer, kept, [{ unit, share }]);
        if (accepted) break;
      }
      if (accepted === null) second += 1;
      else {
        step = accepted.step;
        last = lastOf(step, layer, engine, dying);
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
