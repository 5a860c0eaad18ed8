import type { StepKnob } from "../../explaining.ts";
import type { KnobRecord } from "../../protocol.ts";
import type { ProgramCase } from "../case.ts";
import type { FixedHost } from "../remedies/trial.ts";

/** Two settings are near enough whose ratio is this: each takes a run. */
const NEAR = 1.1;
/** A number is tried down to so small a part of itself. */
const PART = 1e-4;

/** The numbers among the knobs of a run: whole ones are sizes, the others settings. */
export function runKnobs({ hosting }: FixedHost, testCase: ProgramCase): StepKnob<ProgramCase>[] {
  return Object.entries(hosting.ready.knobs).flatMap(([name, knob]) => {
    const value = testCase.knobs?.[name] ?? knob.default;
    const range = typeof value === "number" ? rangeOf(knob, value) : null;
    if (typeof value !== "number" || range === null) return [];
    const other = (now: number) =>
      now === value ? testCase : { ...testCase, knobs: { ...testCase.knobs, [name]: now } };
    return [{ what: `knob ${name}`, value, most: value, with: other, ...range }];
  });
}

/** From where a knob is looked at up to its value; null where it has no smaller number above 0. */
function rangeOf(knob: KnobRecord, value: number): Pick<StepKnob, "kind" | "least" | "near"> | null {
  if (knob.kind === "integer") return value > knob.min ? { kind: "size", least: knob.min } : null;
  if (knob.kind !== "uniform" && knob.kind !== "logUniform") return null;
  const least = Math.max(knob.min, value * PART);
  return value > 0 && least < value ? { kind: "setting", least, near: NEAR } : null;
}
