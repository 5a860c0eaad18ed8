import type { FixScope, Fix as GeneralFix } from "../../fix.ts";
import { PRESET_NAMES, type PresetName, presets } from "../cases/presets.ts";
import type { TrainingCase } from "../cases/schema.ts";

/** A fix of the LSTM's cases. */
export interface Fix extends GeneralFix<TrainingCase> {
  apply(testCase: TrainingCase): TrainingCase;
}

const withLoss = (testCase: TrainingCase, loss: Partial<TrainingCase["loss"]>): TrainingCase => ({
  ...testCase,
  loss: { ...testCase.loss, ...loss },
});

/** A fix whose name the types know. */
type Named<N extends string> = Fix & { name: N };

const l2 = <N extends string>(name: N, strength: number): Named<N> => ({
  name,
  acts: "training",
  description: `L2 regularisation of ${strength}`,
  apply: (testCase) => withLoss(testCase, { l2: strength }),
});

/** Does to another case what this one does about its loss and gradients; model, data, seed and rate stay the other's. */
export function likeCase({ model, loss, optimizer }: TrainingCase): (testCase: TrainingCase) => TrainingCase {
  const { cellClip, gradientClip } = model;
  return (testCase) => {
    const { cellClip: _, gradientClip: __, ...unclipped } = testCase.model;
    return {
      ...testCase,
      model: {
        ...unclipped,
        ...(cellClip !== undefined && { cellClip }),
        ...(gradientClip !== undefined && { gradientClip }),
      },
      loss,
      optimizer: {
        ...testCase.optimizer,
        clip: optimizer.clip,
        skipNonFinite: optimizer.skipNonFinite,
      },
    };
  };
}

function presetFix<N extends PresetName>(name: N, acts: FixScope): Named<N> {
  const description = `loss, clips and skipping of preset ${name}`;
  return { name, acts, description, apply: likeCase(presets[name]) };
}

const PRESET_SCOPES: Readonly<Record<PresetName, FixScope>> = {
  published: "step",
  "published-l2": "training",
  "published-clip": "step",
  hardened: "step",
};

/** A fix that is judged: one of ours, or a user's own, which may answer later. */
export type Subject = Omit<Fix, "apply"> & {
  apply(testCase: TrainingCase): TrainingCase | Promise<TrainingCase>;
};

/** Every fix that nanproof knows, each with the name that `--subject` takes; the presets last. */
export const fixes = [
  {
    name: "tanh-cells",
    acts: "step",
    description: "tanh instead of each layer's activation",
    apply: (testCase) => ({
      ...testCase,
      model: {
        ...testCase.model,
        layers: testCase.model.layers.map(({ units }) => ({ units, activation: "tanh" })),
      },
    }),
  },
  {
    name: "cell-clip",
    acts: "step",
    description: "cells clipped at 50",
    apply: (testCase) => ({ ...testCase, model: { ...testCase.model, cellClip: 50 } }),
  },
  {
    name: "safe-normalise",
    acts: "step",
    description: "the normalisation that no vector takes to a non-finite value or gradient",
    apply: (testCase) => withLoss(testCase, { normalise: { kind: "safe" } }),
  },
  {
    name: "clip-by-global-norm",
    acts: "step",
    description: "gradients clipped by global norm 1, as TensorFlow does it",
    apply: (testCase) => ({
      ...testCase,
      optimizer: { ...testCase.optimizer, clip: { kind: "globalNorm", limit: 1 } },
    }),
  },
  l2("l2", 0.001),
  l2("l2-strong", 0.01),
  {
    name: "learning-rate-tenth",
    acts: "training",
    description: "a tenth of the learning rate",
    apply: (testCase) => ({
      ...testCase,
      optimizer: { ...testCase.optimizer, learningRate: testCase.optimizer.learningRate / 10 },
    }),
  },
  ...PRESET_NAMES.map((name) => presetFix(name, PRESET_SCOPES[name])),
] as const satisfies readonly Fix[];

/** A name in {@link fixes}. */
export type FixName = (typeof fixes)[number]["name"];
/** The names of {@link fixes}, in their order. */
export const FIX_NAMES = fixes.map(({ name }) => name);

/** The fix of a name; undefined where there is none. */
export function fixNamed(name: string): Fix | undefined {
  return fixes.find((fix) => fix.name === name);
}
