import * as fc from "fast-check";
import { SIMPLEST_FIRST } from "../cases/activations.ts";
import type { Domain } from "../cases/domains.ts";
import { presets } from "../cases/presets.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { fractions } from "./fractions.ts";
import { checkLargest } from "./largest.ts";
import { drawnLayouts } from "./layouts.ts";
import { roundNumbers } from "./roundNumbers.ts";
import { layOut, ROW_DRAWS } from "./rows.ts";
import { simplifying } from "./simplifying.ts";

const MAX_SEED = 2 ** 31 - 1;

/**
 * Generates training runs: fresh ones, on synthetic data. Fields that depend on others (layers, rows,
 * lengths) are drawn at full width and cut, so that shrinking one never draws another anew.
 *
 * @param base Gives what the domain leaves out, and always the loss, clipping, cell clip, forget bias and optimizer.
 * @throws UsageError when the domain's largest case with this base is over the bounds of a case.
 */
export function trainingCase(
  domain: Domain,
  base: TrainingCase = presets.published,
): fc.Arbitrary<TrainingCase> {
  checkLargest(domain, base);
  const { model, optimizer } = base;
  const scales = (range: Domain["initScale"], otherwise: number) =>
    fc.constantFrom(...(range ? roundNumbers(range) : [otherwise]));
  const cases = fc
    .record({
      layers: drawnLayers(domain, model.layers),
      inputs: fc.integer(domain.inputs ?? { min: 1, max: 1 }),
      initScale: scales(domain.initScale, base.init.kind === "glorot" ? base.init.scale : 1),
      inputScale: scales(domain.inputScale, inputScaleOf(base)),
      learningRate: scales(domain.learningRate, optimizer.learningRate),
      seed: fc.integer({ min: 1, max: MAX_SEED }).map(String),
      steps: fc.integer(domain.steps),
      layouts: drawnLayouts(domain.layouts),
      batches: fc.integer(domain.batches),
      rows: fc.integer(domain.rows),
      time: fc.integer(domain.time),
      shared: fractions(2),
      fractions: fractions(ROW_DRAWS * domain.rows.max * domain.batches.max),
    })
    .map(
      ({
        layers,
        inputs,
        initScale,
        inputScale,
        learningRate,
        seed,
        steps,
        shared,
        ...rows
      }): TrainingCase => ({
        ...base,
        model: { ...model, layers, inputs: domain.inputs ? inputs : (layers.at(-1)?.units ?? 1) },
        init: { kind: "glorot", seed, scale: initScale },
        data: {
          kind: "synthetic",
          seed,
          inputScale,
          masked: !rows.layouts.has("lengths-not-passed"),
          batches: layOut({ ...rows, shortBy: shared[0] ?? 0, emptyRow: shared[1] ?? 0 }),
        },
        optimizer: { ...optimizer, learningRate },
        steps,
      }),
    );
  return simplifying(cases);
}

/** Layers drawn at full count and cut; all of equal units where these are drawn once a run. */
function drawnLayers(
  { layers, units }: Domain,
  base: TrainingCase["model"]["layers"],
): fc.Arbitrary<TrainingCase["model"]["layers"]> {
  const { count, activations } = layers ?? {
    count: { min: base.length, max: base.length },
    activations: undefined,
  };
  const layer = (l: number) => {
    const own = base[l % base.length] ?? { units: 1, activation: "linear" as const };
    return fc.record({
      units: units ? fc.integer({ min: units.min, max: units.max }) : fc.constant(own.units),
      activation: activations
        ? fc.constantFrom(...SIMPLEST_FIRST.filter((name) => activations.includes(name)))
        : fc.constant(own.activation),
    });
  };
  return fc
    .tuple(fc.integer(count), ...Array.from({ length: count.max }, (_, l) => layer(l)))
    .map(([kept, ...all]) =>
      all
        .slice(0, kept)
        .map((drawn) => (units?.each === "run" ? { ...drawn, units: all[0]?.units ?? 1 } : drawn)),
    );
}

/** Standard deviation of the base's own inputs, where it has one. */
function inputScaleOf({ data }: TrainingCase): number {
  if (data.kind === "synthetic") return data.inputScale;
  return data.kind === "text" && data.embedding.kind === "random" ? data.embedding.scale : 1;
}
