import type { StepKnob } from "../../explaining.ts";
import type { Intervention } from "../../protocol.ts";
import type { ProgramDiagnosis } from "../diagnosis.ts";
import { sharedLength, shortenedTo } from "../shrinking/axes.ts";
import type { ProgramStep } from "../step.ts";

/** A limit that clips nothing. */
const NO_LIMIT = 1e38;
/** The least that is looked at: training is over long before it. */
const LEAST = 1e-6;
/** Two settings are near enough whose ratio is this: each asks for the program to be opened anew. */
const NEAR = 1.1;

/**
 * Rows and timesteps of a step's batch, where its parts share them; and of a death in the update the limit of clipping, which acts
 * before it. The learning rate is none: from outside of a program it acts on what the update has made.
 */
export function stepKnobs(step: ProgramStep, death: ProgramDiagnosis): StepKnob<ProgramStep>[] {
  const settings = death.site?.phase === "update";
  return [
    ...size("rows", step, 0),
    ...size(timeIsAxis1(death) ? "timesteps" : "length of axis 1 of the batch", step, 1),
    ...(settings ? [setting(step, "clip by global norm", NO_LIMIT, (clipNorm) => ({ clipNorm }))] : []),
  ];
}

/** True where the second axis of a batch is known to be time. */
function timeIsAxis1({ site }: ProgramDiagnosis): boolean {
  return site !== null && site.timestep !== null;
}

function size(what: string, step: ProgramStep, axis: number): StepKnob<ProgramStep>[] {
  const value = sharedLength(step, axis);
  if (value === null) return [];
  return [
    { what, kind: "size", value, least: 1, most: value, with: (length) => shortenedTo(step, axis, length) },
  ];
}

function setting(
  step: ProgramStep,
  what: string,
  value: number,
  make: (value: number) => Intervention,
): StepKnob<ProgramStep> {
  return {
    what,
    kind: "setting",
    value,
    least: LEAST,
    most: value,
    near: NEAR,
    with: (other) => ({ ...step, case: { ...step.case, intervention: make(other) } }),
  };
}
