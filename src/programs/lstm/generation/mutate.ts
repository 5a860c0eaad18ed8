import type { RandomStream } from "../../../numerics/random.ts";
import type { TrainingCase } from "../cases/schema.ts";

/** Puts one part of `from` into `into`. Parts of a domain are drawn independently, so a mix of two cases is in it too. */
type Graft = (into: TrainingCase, from: TrainingCase) => TrainingCase;

const GRAFTS: readonly Graft[] = [
  function seeds(into, { init, data }) {
    return {
      ...into,
      init:
        into.init.kind === "glorot" && init.kind === "glorot" ? { ...into.init, seed: init.seed } : into.init,
      data:
        into.data.kind === "synthetic" && data.kind === "synthetic"
          ? { ...into.data, seed: data.seed }
          : into.data,
    };
  },
  function layers(into, { model }) {
    return { ...into, model: { ...into.model, inputs: model.inputs, layers: model.layers } };
  },
  function sequences(into, { data }) {
    if (into.data.kind !== "synthetic" || data.kind !== "synthetic") return into;
    return { ...into, data: { ...data, seed: into.data.seed, inputScale: into.data.inputScale } };
  },
  function inputScale(into, { data }) {
    if (into.data.kind !== "synthetic" || data.kind !== "synthetic") return into;
    return { ...into, data: { ...into.data, inputScale: data.inputScale } };
  },
  function initScale(into, { init }) {
    if (into.init.kind !== "glorot" || init.kind !== "glorot") return into;
    return { ...into, init: { ...into.init, scale: init.scale } };
  },
  function learningRate(into, { optimizer }) {
    return { ...into, optimizer: { ...into.optimizer, learningRate: optimizer.learningRate } };
  },
  function steps(into, from) {
    return { ...into, steps: from.steps };
  },
];

/** A mutant of `parent`: one or two of its parts out of `fresh`, of those in which the two differ. */
export function mutate(parent: TrainingCase, fresh: TrainingCase, random: RandomStream): TrainingCase {
  let mutant = parent;
  for (let parts = 1 + random.integer(2); parts > 0; parts--) {
    const before = JSON.stringify(mutant);
    const others = GRAFTS.map((graft) => graft(mutant, fresh)).filter(
      (other) => JSON.stringify(other) !== before,
    );
    mutant = others[random.integer(others.length)] ?? mutant;
  }
  return mutant;
}
