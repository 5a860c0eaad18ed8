import type { StepKnob } from "../../explaining.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import type { OptimizerSpec } from "../cases/schema.ts";
import { cutTime, pickRows } from "../shrinking/edits/batch.ts";
import { range } from "../shrinking/edits/matrix.ts";
import { pickUnits } from "../shrinking/edits/network.ts";

/** A limit that clips nothing. */
const NO_LIMIT = 1e38;
/** The tightest limit that is looked at: nothing trains any more long before it. */
const TIGHTEST = 1e-6;

/** Sizes, learning rate and limits of clips of a step, each as a range from where the step is to where it may live. */
export function stepKnobs(step: CapturedStep): StepKnob<CapturedStep>[] {
  const { case: testCase, batch } = step;
  const { optimizer, model } = testCase;
  const withCase = (change: Partial<CapturedStep["case"]>) => ({ ...step, case: { ...testCase, ...change } });
  const clipped = (kind: "globalNorm" | "value") => (limit: number) =>
    withCase({ optimizer: { ...optimizer, clip: { kind, limit } } as OptimizerSpec });
  const limit = (
    what: string,
    value: number,
    make: (limit: number) => CapturedStep,
  ): StepKnob<CapturedStep> => ({
    what,
    kind: "setting",
    value,
    least: TIGHTEST,
    most: value,
    with: make,
  });
  const size = (
    what: string,
    value: number,
    make: (size: number) => CapturedStep,
  ): StepKnob<CapturedStep> => ({
    what,
    kind: "size",
    value,
    least: 1,
    most: value,
    with: make,
  });
  return [
    size("rows", batch.rows, (rows) => pickRows(step, range(rows))),
    size("timesteps", batch.time, (time) => cutTime(step, time)),
    ...model.layers.map(({ units }, layer) =>
      size(`units of layer ${layer}`, units, (count) => pickUnits(step, layer, range(count))),
    ),
    limit("learning rate", optimizer.learningRate, (learningRate) =>
      withCase({ optimizer: { ...optimizer, learningRate } }),
    ),
    limit("cell clip", model.cellClip ?? NO_LIMIT, (cellClip) => withCase({ model: { ...model, cellClip } })),
    limit("gradient clip inside a row", model.gradientClip ?? NO_LIMIT, (gradientClip) =>
      withCase({ model: { ...model, gradientClip } }),
    ),
    limit("clip by global norm", limitOf(optimizer, "globalNorm"), clipped("globalNorm")),
    limit("clip by value", limitOf(optimizer, "value"), clipped("value")),
  ];
}

function limitOf({ clip }: OptimizerSpec, kind: string): number {
  return clip.kind !== "none" && clip.kind === kind ? clip.limit : NO_LIMIT;
}
