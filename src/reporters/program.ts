import { shellWord } from "../documents/printable.ts";
import type { Finding } from "../findings/finding.ts";
import type { ProgramDiagnosis } from "../programs/process/diagnosis.ts";
import type { ProgramHost } from "../programs/process/program.ts";
import type { Trajectory } from "../programs/trajectory.ts";
import { sizePhrase } from "./size.ts";

/** The end of a run of a program. */
export interface ProgramReport {
  trajectory: Trajectory<ProgramDiagnosis>;
  /** The fixture of its death; null where none was written. */
  kept: { path: string; finding: Pick<Finding, "fixture" | "before"> } | null;
  msPerStep: number;
  /** Flags to type after a fixture, so that the program runs as it did. */
  flags: string;
}

/** The JSON document of `nanproof train --program`. */
export function programJson({ trajectory, kept, msPerStep }: ProgramReport) {
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  return {
    status: trajectory.status,
    step: trajectory.steps,
    loss: trajectory.records.at(-1)?.loss ?? null,
    signature: diagnosis?.signature ?? null,
    site: diagnosis?.site ?? null,
    fixture: kept?.path ?? null,
    msPerStep: Number(msPerStep.toFixed(3)),
  };
}

/** The end of a run of a program, in plain words. */
export function programSummary(
  { trajectory, kept, msPerStep, flags }: ProgramReport,
  { program: { words } }: Pick<ProgramHost, "program">,
): string[] {
  const pace = `${trajectory.steps} ${trajectory.steps === 1 ? "step" : "steps"}, ${msPerStep.toFixed(1)} ms a step`;
  const last = trajectory.records.at(-1);
  const loss = last === undefined ? "none" : String(last.loss);
  if (trajectory.status === "completed") return [`completed finite: ${pace}, last loss ${loss}`];
  if (trajectory.status === "interrupted") return [`interrupted after ${pace}, last loss ${loss}`];
  const { step, diagnosis } = trajectory.death;
  const lines = [`died at step ${step}, after ${pace}; loss ${loss}`];
  if (diagnosis !== null) {
    lines.push(
      `  signature  ${diagnosis.signature}`,
      `  first      ${words.where(diagnosis, undefined as never)}`,
      `  because    ${words.because(diagnosis)}`,
    );
    if (diagnosis.flaky !== undefined) lines.push(`  FLAKY      ${diagnosis.flaky}`);
    for (const note of diagnosis.notes ?? []) lines.push(`  note       ${note}`);
  }
  if (kept === null)
    return [
      ...lines,
      "",
      "no fixture was written: taken out of the run, the step did not die of the same signature",
    ];
  const { fixture, before } = kept.finding;
  const path = shellWord(kept.path);
  lines.push(
    "",
    `captured in ${path}`,
    `  from ${sizePhrase(before)}`,
    `  to   ${sizePhrase(fixture.size ?? before)}${fixture.minimal ? "" : "; not minimal"}`,
    isConfirmed(fixture)
      ? "  confirmed: dies the same way in a fresh process"
      : "  NOT confirmed: in a fresh process it does not die the same way, so it counts for nothing yet",
    "replay it:",
    `  npx nanproof replay ${path} ${flags}`,
  );
  return lines;
}

/** True where a fixture of a program died the same way in a fresh process. */
export function isConfirmed({
  expected,
}: Finding["fixture"] | { expected: { reproducesOn: readonly string[] } }): boolean {
  return expected.reproducesOn.includes("fresh-process");
}
