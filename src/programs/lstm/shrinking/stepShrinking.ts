import type { StepShrinking } from "../../pass.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import { compareCases } from "../cases/order.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { cutTime } from "./edits/batch.ts";
import { orderedStep, scaleWeights } from "./edits/numbers.ts";
import { PASSES } from "./passes/index.ts";
import { rows } from "./passes/rows.ts";
import { tail } from "./passes/tail.ts";

/**
 * Relative change of the weights that a step must still die under. Another engine's sigmoid and order of sums differ by
 * 1e-7 and some, which a hundred timesteps of growth make 1e-5: a step that dies by less than that dies on one engine alone.
 */
const MARGIN = 2 ** -13;

/** The means to make steps of the LSTM smaller. */
export const stepShrinking: StepShrinking<CapturedStep, Diagnosis> = {
  passes: PASSES,
  trimming: [tail, rows],
  compare: (a, b) => compareCases(orderedStep(a), orderedStep(b)),
  withoutRest(step, { site }) {
    if (site === null || site.timestep === null || site.phase !== "forward") return null;
    return site.timestep + 1 < step.batch.time ? cutTime(step, site.timestep + 1) : null;
  },
  neighbours: (step) => [1 - MARGIN, 1 + MARGIN].map((factor) => scaleWeights(step, factor)),
  // With other layers on top of it the loss is another program's.
  isOtherBug: (candidate, start, metZero) =>
    candidate.case.model.layers.length === start.case.model.layers.length &&
    !(metZero && candidate.state !== start.state),
};
