import type { Labels } from "../../generating.ts";
import { layoutsOf } from "../cases/layouts.ts";
import type { TrainingCase } from "../cases/schema.ts";

/** The drawn settings of a case, in a few words and numbers. */
export function labelsOf({ model, init, data, optimizer, steps }: TrainingCase): Labels {
  const { layers, inputs } = model;
  return {
    layers: layers.length,
    activations: [...new Set(layers.map(({ activation }) => activation))],
    units: Math.max(...layers.map(({ units }) => units)),
    inputs,
    ...(init.kind === "glorot" && { "initial scale": init.scale }),
    ...(data.kind === "synthetic" && {
      batches: data.batches.length,
      "batch size": Math.max(...data.batches.map(({ rows }) => rows.length)),
      length: Math.max(...data.batches.map(({ time }) => time)),
      "padding layouts": layoutsOf(data),
      "input scale": data.inputScale,
    }),
    "learning rate": optimizer.learningRate,
    steps,
  };
}
