import type { HostRecord } from "../protocol.ts";
import { GAUGES, type StepRecord } from "../stepRecord.ts";

/** Gauges of a host that have a name that means the same in every program. */
const COMMON: Readonly<Record<string, string>> = {
  gradient: GAUGES.appliedGradientNorm,
  rawGradient: GAUGES.rawGradientNorm,
};

/** The record of a step as its host gives it. */
export function stepRecordOf({ step, loss, dead, skipped, gauges, ...more }: HostRecord): StepRecord {
  const at = dead?.where;
  const entries = Object.entries(gauges).map(
    ([name, value]) => [COMMON[name] ?? name, Number(value)] as const,
  );
  const { rawGradient } = gauges;
  return {
    step,
    loss: Number(loss),
    gauges: Object.fromEntries(entries),
    finite: {
      loss: at !== "loss",
      gradients: at !== "gradients",
      rawGradients: at !== "gradients" && (rawGradient === undefined || Number.isFinite(Number(rawGradient))),
      weights: at !== "weights",
      moments: at !== "slots",
    },
    // A step that its host calls dead is dead, skipped or not.
    skipped: skipped && dead === null,
    ...(more.violated && { violated: more.violated }),
    ...(more.frozen && { frozen: more.frozen }),
    ...(more.zeroGradients && { zeroGradients: more.zeroGradients }),
  };
}
