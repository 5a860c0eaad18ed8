import { encodeFloat32 } from "../../../numerics/float32.ts";
import type { Grain, RunCut } from "../../runShrinking.ts";
import { significantDigits } from "../cases/plainness.ts";
import type { ExplicitSpec, SyntheticSpec, TrainingCase } from "../cases/schema.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";

const ALL: readonly RunCut<TrainingCase>[] = [
  {
    name: "units",
    cases: (best, grain) => [...allUnits(best, grain), ...(grain === "fine" ? unitsOfOneLayer(best) : [])],
  },
  { name: "layers", cases: withoutLayers },
  { name: "rows", cases: (best, grain) => [...batches(best, grain), ...rows(best, grain)] },
  { name: "timesteps", cases: timesteps },
  { name: "vocabulary", cases: vocabulary },
  { name: "inputs", cases: inputs },
  { name: "regular rows", cases: regularRows },
  { name: "learning rate", cases: rates },
  { name: "scales", cases: scales },
];

/**
 * Cuts of a run, the widest first. The steps are cut by the search itself, by drawing more starts. A cut that is no valid
 * case is left out: weights and data that are written out have sizes of their own, which a cut of the model may not fit.
 */
export const CUTS: readonly RunCut<TrainingCase>[] = ALL.map(({ name, cases }) => ({
  name,
  cases: (best, grain) =>
    cases(best, grain).filter((smaller) => trainingCaseSchema.safeParse(smaller).success),
}));

/** Smaller numbers than `from`, the smallest first: 1, an eighth, a quarter, a half; if fine three quarters, one less. */
export function smaller(from: number, grain: Grain): number[] {
  const fine = grain === "fine" ? [(3 * from) / 4, from - 1] : [];
  const parts = [1, from / 8, from / 4, from / 2, ...fine].map(Math.floor);
  return [...new Set(parts)].filter((size) => size >= 1 && size < from).sort((a, b) => a - b);
}

/** Other layers; a text's vectors stay as wide as the top layer, whose targets they are, and targets that are written out lose columns. */
function withLayers(best: TrainingCase, layers: TrainingCase["model"]["layers"]): TrainingCase {
  const wide = layers.at(-1)?.units ?? 1;
  const { data } = best;
  return {
    ...best,
    model: { ...best.model, layers, inputs: data.kind === "text" ? wide : best.model.inputs },
    data: data.kind === "explicit" ? narrowed(data, wide) : data,
  };
}

/** Targets of the first columns alone; those in a binary file stay as they are. */
function narrowed(data: ExplicitSpec, wide: number): ExplicitSpec {
  return {
    ...data,
    batches: data.batches.map((batch) => ({
      ...batch,
      y: Array.isArray(batch.y) ? batch.y.map((row) => row.map((at) => at.slice(0, wide))) : batch.y,
    })),
  };
}

function allUnits(best: TrainingCase, grain: Grain): TrainingCase[] {
  const { layers } = best.model;
  const most = Math.max(...layers.map(({ units }) => units));
  return smaller(most, grain).map((units) =>
    withLayers(
      best,
      layers.map((layer) => ({ ...layer, units: Math.min(units, layer.units) })),
    ),
  );
}

function unitsOfOneLayer(best: TrainingCase): TrainingCase[] {
  const { layers } = best.model;
  return layers.flatMap(({ units }, l) =>
    smaller(units, "fine").map((fewer) =>
      withLayers(
        best,
        layers.map((layer, other) => (other === l ? { ...layer, units: fewer } : layer)),
      ),
    ),
  );
}

function withoutLayers(best: TrainingCase): TrainingCase[] {
  const { layers } = best.model;
  if (layers.length === 1) return [];
  const alone = layers.length > 2 ? layers.map((layer) => [layer]) : [];
  const but = layers.map((_, l) => layers.filter((__, other) => other !== l));
  return [...alone, ...but].map((kept) => withLayers(best, kept));
}

function withBatches(
  best: TrainingCase,
  change: (data: SyntheticSpec) => SyntheticSpec["batches"],
): TrainingCase[] {
  return best.data.kind === "synthetic"
    ? [{ ...best, data: { ...best.data, batches: change(best.data) } }]
    : [];
}

function batches(best: TrainingCase, grain: Grain): TrainingCase[] {
  if (best.data.kind !== "synthetic") return [];
  return smaller(best.data.batches.length, grain).flatMap((count) =>
    withBatches(best, (data) => data.batches.slice(0, count)),
  );
}

function rows(best: TrainingCase, grain: Grain): TrainingCase[] {
  const { data } = best;
  if (data.kind === "text")
    return smaller(data.batch, grain).map((batch) => ({ ...best, data: { ...data, batch } }));
  if (data.kind !== "synthetic") return [];
  return smaller(Math.max(...data.batches.map((batch) => batch.rows.length)), grain).flatMap((count) =>
    withBatches(best, ({ batches: all }) =>
      all.map((batch) => ({ ...batch, rows: batch.rows.slice(0, count) })),
    ),
  );
}

function timesteps(best: TrainingCase, grain: Grain): TrainingCase[] {
  const { data } = best;
  if (data.kind === "text")
    return smaller(data.maxLength, grain)
      .filter((maxLength) => maxLength >= 2)
      .map((maxLength) => ({ ...best, data: { ...data, maxLength } }));
  if (data.kind !== "synthetic") return [];
  return smaller(Math.max(...data.batches.map(({ time }) => time)), grain).flatMap((bound) =>
    withBatches(best, ({ batches: all }) =>
      all.map((batch) => {
        const time = Math.min(batch.time, bound);
        const within = (t: number) => t < time;
        return {
          time,
          rows: batch.rows.map((row) => ({
            ...row,
            length: Math.min(row.length, time),
            holes: row.holes.filter(within),
            zeroTargets: row.zeroTargets.filter(within),
          })),
        };
      }),
    ),
  );
}

function vocabulary(best: TrainingCase, grain: Grain): TrainingCase[] {
  const { data } = best;
  if (data.kind !== "text") return [];
  return [
    ...smaller(data.sentences, grain).map((sentences) => ({ ...best, data: { ...data, sentences } })),
    ...smaller(data.vocabulary, grain).map((words) => ({ ...best, data: { ...data, vocabulary: words } })),
  ];
}

function inputs(best: TrainingCase, grain: Grain): TrainingCase[] {
  if (best.data.kind !== "synthetic") return [];
  return smaller(best.model.inputs, grain).map((count) => ({
    ...best,
    model: { ...best.model, inputs: count },
  }));
}

function regularRows(best: TrainingCase): TrainingCase[] {
  return withBatches(best, ({ batches: all }) =>
    all.map(({ time, rows: drawn }) => ({
      time,
      rows: drawn.map(() => ({ length: time, padding: "after", holes: [], zeroTargets: [] })),
    })),
  );
}

function rates(best: TrainingCase): TrainingCase[] {
  return rounder(best.optimizer.learningRate).map((learningRate) => ({
    ...best,
    optimizer: { ...best.optimizer, learningRate },
  }));
}

function scales(best: TrainingCase): TrainingCase[] {
  const { init, data } = best;
  return [
    ...(init.kind === "glorot"
      ? rounder(init.scale).map((scale) => ({ ...best, init: { ...init, scale } }))
      : []),
    ...(data.kind === "synthetic"
      ? rounder(data.inputScale).map((inputScale) => ({ ...best, data: { ...data, inputScale } }))
      : []),
  ];
}

/** Numbers nearby (a half to one and a half times) of fewer digits, the roundest first: of 0.0873 the power of ten 0.1, then 0.09, 0.08, 0.087. */
export function rounder(value: number): number[] {
  const digits = significantDigits(value);
  const [mantissa = "1", exponent = "0"] = value.toExponential().split("e");
  const found = Number(mantissa) >= 5 ? [Number(`1e${Number(exponent) + 1}`)] : [];
  for (let kept = 1; kept < digits; kept++) {
    const near = Number(value.toPrecision(kept));
    const unit = Number(`1e${Number(exponent) - kept + 1}`);
    found.push(near, Number((near > value ? near - unit : near + unit).toPrecision(kept)));
  }
  return [...new Set(found.map((number) => Number(encodeFloat32(number))))].filter(
    (number) => number !== value && number >= value / 2 && number <= value * 1.5,
  );
}
