import type { Fix, FixScope } from "../../fix.ts";
import type { Intervention } from "../../protocol.ts";
import type { ProgramCase } from "../case.ts";
import type { KnobValue } from "../knobs.ts";

/** The interventions in any program from outside of it, by name. */
export const INTERVENTIONS: Readonly<Record<string, Intervention>> = {
  "clip-by-global-norm-10": { clipNorm: 10 },
  "clip-by-global-norm-1": { clipNorm: 1 },
  "clip-by-global-norm-0.1": { clipNorm: 0.1 },
  "learning-rate-third": { learningRateFactor: 1 / 3 },
  "learning-rate-tenth": { learningRateFactor: 1 / 10 },
  "skip-non-finite": { skipNonFinite: true },
};

/** The same as remedies. */
export const interventions: readonly Fix<ProgramCase>[] = Object.entries(INTERVENTIONS).map(
  ([name, intervention]) => ({
    name,
    acts: "as-changed",
    description: `${name.replaceAll("-", " ")}, from outside of the program`,
    apply: (testCase) => ({ ...testCase, intervention: { ...testCase.intervention, ...intervention } }),
  }),
);

/** Another value of a knob, as a remedy. */
export function knobFix(knob: string, value: KnobValue, text: string): Fix<ProgramCase> {
  return {
    name: `${knob}=${text}`,
    acts: "as-changed",
    description: `the knob ${knob} at ${text}`,
    apply: (testCase) => ({ ...testCase, knobs: { ...testCase.knobs, [knob]: value } }),
  };
}

/** Another file of the same program, as a remedy. */
export function fileFix(path: string, name: string): Fix<ProgramCase> {
  return {
    name,
    acts: "as-changed",
    description: `the program as ${name} has it`,
    apply: (testCase) => ({ ...testCase, fixedBy: path }),
  };
}

/**
 * The scopes in which a remedy of a program takes effect. What a knob or a file changes is not known: both are tried on the step. A smaller learning rate,
 * and leaving an update out, change no number that a step computes before its update.
 */
export function scopesOf(before: ProgramCase, after: ProgramCase): FixScope[] {
  const own = ({ knobs, fixedBy }: ProgramCase) => JSON.stringify([knobs, fixedBy]);
  const { intervention: were = {} } = before;
  const { intervention: are = {} } = after;
  if (own(before) !== own(after) || were.clipNorm !== are.clipNorm) return ["step", "training"];
  return JSON.stringify(were) === JSON.stringify(are) ? [] : ["training"];
}

/** The case as its step is judged: a number that is not finite counts, whether its update is left out or not. */
export function judged(testCase: ProgramCase): ProgramCase {
  const { skipNonFinite: _, ...intervention } = testCase.intervention ?? {};
  const { intervention: __, ...rest } = testCase;
  return Object.keys(intervention).length === 0 ? rest : { ...rest, intervention };
}
