import type { RunShrinking } from "../runShrinking.ts";
import type { ProgramCase } from "./case.ts";
import type { ProgramDiagnosis } from "./diagnosis.ts";
import { costOf, type Knobs, type KnobValue, smallerValues } from "./knobs.ts";

/** The shrinking of runs of a program with these knobs: knob by knob, then its steps, with small seeds. */
export function runShrinkingOf(knobs: Knobs): RunShrinking<ProgramCase, ProgramDiagnosis> {
  const kinds = ["lengths", "integer", "choice", "logUniform", "uniform"];
  const ordered = Object.entries(knobs).sort(([, a], [, b]) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  const costs = ({ knobs: values, steps, seed, cutOutAt = 0 }: ProgramCase) => [
    ...ordered.map(([name, knob]) => costOf(knob, values?.[name] ?? knob.default)),
    cutOutAt,
    steps,
    seed,
  ];
  return {
    cuts: ordered.map(([name, knob]) => ({
      name,
      cases: (best) => {
        const value = best.knobs?.[name];
        if (value === undefined) return [];
        const simpler = smallerValues(knob, value).filter(
          (other) => costOf(knob, other) < costOf(knob, value),
        );
        return simpler.map((other: KnobValue) => ({ ...best, knobs: { ...best.knobs, [name]: other } }));
      },
    })),
    compare(a, b) {
      const [of, other] = [costs(a), costs(b)];
      const at = of.findIndex((cost, i) => cost !== other[i]);
      return at < 0 ? 0 : (of[at] as number) - (other[at] as number);
    },
    sameWay: (a, b) => wayOf(a.signature) === wayOf(b.signature),
    seedOf: ({ seed }) => String(seed),
    withSeed: (testCase, seed) => ({ ...testCase, seed: Number(seed) }),
    stepsOf: ({ cutOutAt, steps }) => (cutOutAt === undefined ? steps : 1),
    withSteps: (testCase, steps) => (testCase.cutOutAt === undefined ? { ...testCase, steps } : testCase),
  };
}

/** Phase and mechanism of a signature. */
export function wayOf(signature: string): string {
  return signature.split("/").slice(0, 2).join("/");
}
