import type { HostRecord } from "../../protocol.ts";
import type { ProgramDiagnosis } from "../diagnosis.ts";
import { type FixedHost, hostingOf } from "../remedies/trial.ts";
import { sharedLength } from "../shrinking/axes.ts";
import type { ProgramStep } from "../step.ts";
import { recordOf } from "./lives.ts";

/** Gauges that every program has. */
const OF_EVERY_PROGRAM = ["weight", "gradient", "rawGradient", "update"];

/** Sentences on what a program does not show, and on how it would. */
export async function untellable(
  host: FixedHost,
  step: ProgramStep,
  { site }: ProgramDiagnosis,
): Promise<string[]> {
  const hosting = hostingOf(host, step.case);
  const { ready } = hosting;
  const own = ownGauges((await recordOf(host, step))?.gauges ?? {});
  const gauge = ready.host === "python" ? "nanproof.gauge" : "watch.gauge";
  const unshared = [0, 1].filter((axis) => sharedLength(step, axis) === null);
  return [
    ...(own.length === 0
      ? [
          `${ready.file.name} reports no gauge of its own (${gauge}): since when is told by loss, weights and gradients alone`,
        ]
      : []),
    ...(Object.keys(ready.knobs).length === 0
      ? [`${ready.file.name} has no knobs: what its sizes and settings do to the run cannot be tried`]
      : []),
    ...(unshared.length > 0
      ? [
          `the parts of the batch share no axis ${unshared.join(" and no axis ")} of one length above 1: it is not tried shorter`,
        ]
      : []),
    ...(site === null
      ? []
      : site.phase === "update"
        ? [
            "which learning rate the step lives with is not known: nanproof remedy tries smaller ones on the run",
          ]
        : [
            `learning rate and clipping act on the update, and ${site.phase === "forward" ? "the loss is" : "the gradients are"} not finite before it: nanproof remedy tries both on the run`,
          ]),
  ];
}

function ownGauges(gauges: HostRecord["gauges"]): string[] {
  return Object.keys(gauges).filter((name) => !OF_EVERY_PROGRAM.includes(name));
}
