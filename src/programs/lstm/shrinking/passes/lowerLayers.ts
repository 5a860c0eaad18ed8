import type { Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { layerOutputs } from "../../diagnosis/examine.ts";
import type { Engine } from "../../engines/engine.ts";
import { peelLayers } from "../edits/network.ts";

/**
 * Largest input of the layer that is left: larger ones are cut off here, so that the rest is still a training step
 * and no planted infinity.
 */
const LARGEST_INPUT = 1e3;

/**
 * Peels off the lower layers, as many as go: what they handed to the next one becomes the input. Safe: recorded
 * outputs are what the next layer saw; where they are cut off, running it decides whether its own growth is enough.
 */
export const lowerLayers: Pass<CapturedStep, Diagnosis> = {
  name: "lower layers",
  *candidates({ step }, engine: Engine) {
    const count = step.case.model.layers.length;
    if (count < 2) return;
    const outputs = layerOutputs(engine, step);
    for (let peeled = count - 1; peeled >= 1; peeled--) {
      const inputs = (outputs[peeled - 1] ?? new Float32Array()).map(cutOff);
      if (yield peelLayers(step, peeled, inputs)) return;
    }
  },
};

/** 0 for NaN, which no layer is fed with. */
function cutOff(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(-LARGEST_INPUT, Math.min(LARGEST_INPUT, value));
}
