import type { Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { keepLowerLayers } from "../edits/network.ts";

/**
 * Deletes the upper layers, as many as go, where the failure lies below them: the targets are then those of the new
 * top layer's width. Safe: in the forward pass no layer feeds into one below it; the loss is another one, and a
 * death that needs the old one is no longer there.
 */
export const upperLayers: Pass<CapturedStep, Diagnosis> = {
  name: "upper layers",
  *candidates({ step }) {
    for (let count = 1; count < step.case.model.layers.length; count++)
      if (yield keepLowerLayers(step, count)) return;
  },
};
