import { basename } from "node:path";
import { shellWord } from "../../documents/printable.ts";
import { Draft } from "../../findings/draft.ts";
import { findingStages, unexaminedFinding } from "../../findings/pipeline.ts";
import { writtenStages } from "../../findings/written.ts";
import { askedInvariants } from "../../invariants/asked.ts";
import { version } from "../../package.ts";
import type { FileOrder } from "../../programs/hostOrder.ts";
import type { ProgramCase } from "../../programs/process/case.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import type { ProgramStep } from "../../programs/process/step.ts";
import { runSession } from "../../programs/run.ts";
import { isConfirmed, type ProgramReport, programJson, programSummary } from "../../reporters/program.ts";
import { programWords } from "../../reporters/programWords.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { shrinkLine } from "../../reporters/shrinkProgress.ts";
import { EXIT } from "../exitCodes.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, print, printJson } from "../output.ts";
import { ProgressLine } from "../progressLine.ts";
import { caseOfProgram, programSeed, startProgram } from "./opening.ts";

/** For all that is made smaller of one death together. */
const SHRINK_BUDGET = { candidates: 20_000, ms: 60_000 };

/** The settings of `nanproof train --program`. */
export interface ProgramTraining {
  order: FileOrder;
  knob: readonly string[];
  invariant: readonly string[];
  steps: number | undefined;
  seed: string;
  out: string;
  shrink: boolean;
  json: boolean;
}

/** `nanproof train --program`: trains a person's program; a run that dies leaves a fixture. @returns The exit code. */
export async function trainProgram(asked: ProgramTraining): Promise<number> {
  const { order, json } = asked;
  const seed = programSeed(asked.seed);
  // Before the program starts: its process would go on where this throws.
  const invariants = await askedInvariants(asked.invariant);
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  const found: Found = { captured: null, kept: null };
  const host = { ...(await startProgram(order)), invariants };
  try {
    const testCase = caseOfProgram(host, { ...asked, seed });
    const report = await trained(host, testCase, asked, { line, signal: interrupt.signal, found });
    line.close();
    if (json) printJson(programJson(report));
    else print(programSummary(report, host));
    if (interrupt.signal.aborted) return interrupt.exitCode();
    return exitCodeOf(report);
  } catch (error) {
    line.close();
    if (found.kept !== null) note(keptWords(found.kept, order));
    throw error;
  } finally {
    line.close();
    interrupt.release();
    await host.close?.();
  }
}

/** The step that a run died of, and the fixture of it, before its cause was looked for. */
interface Found {
  captured: ProgramStep | null;
  kept: ProgramReport["kept"];
}

function keptWords({ path }: NonNullable<ProgramReport["kept"]>, order: FileOrder): string {
  return `the step that died is kept as it was:\n  npx nanproof replay ${shellWord(path)} ${programWords(order)}`;
}

async function trained(
  host: ProgramHost,
  testCase: ProgramCase,
  { order, out, shrink, seed }: ProgramTraining,
  { line, signal, found }: { line: ProgressLine; signal: AbortSignal; found: Found },
): Promise<ProgramReport> {
  const draft = new Draft(out, (error) => note(error.message));
  const session = await host.program.open(host, testCase, { folder: "." });
  const provenance = (step: number) => ({
    nanproof: version(),
    preset: basename(order.file),
    data: session.description,
    seed,
    step,
    run: { ...testCase, steps: step },
  });
  const start = performance.now();
  const trajectory = await runSession(host, session, {
    signal,
    onStep: ({ step, loss }) =>
      line.tell({
        head: `step ${step}/${testCase.steps}`,
        tail: `loss ${loss}`,
        counted: { what: "steps", done: step, total: testCase.steps },
      }),
    onDeath: async (record, violation) => {
      found.captured = await session.cutOut();
      const fatal = { record, violation };
      found.kept = kept(draft.write(unexaminedFinding(host, found.captured, fatal, provenance(record.step))));
    },
  });
  const msPerStep = (performance.now() - start) / Math.max(1, trajectory.steps);
  const report: ProgramReport = { trajectory, kept: found.kept, msPerStep, flags: programWords(order) };
  if (trajectory.status !== "failed" || found.captured === null) return report;
  const { step, diagnosis } = trajectory.death;
  if (diagnosis === null) return report;
  const stages = findingStages({
    host,
    captured: found.captured,
    death: diagnosis,
    provenance: provenance(step),
    others: async () => [await startProgram({ ...order, isFresh: true })],
    shrinking: shrink
      ? {
          kind: "passes",
          budget: SHRINK_BUDGET,
          signal,
          onProgress: (progress) => line.tell({ head: shrinkLine(host, progress) }),
        }
      : { kind: "none" },
    draft: true,
  });
  for await (const stage of writtenStages(stages, out, draft, (error) => note(error.message))) {
    if (stage.kind === "whole") line.tell({ head: "dropping rows and timesteps" });
    if (stage.kind === "confirming") line.tell({ head: "confirming it in a fresh process" });
    if ("written" in stage && stage.written !== null && !("of" in stage && stage.of === "slip"))
      report.kept = kept(stage.written);
  }
  return report;
}

function kept(written: ReturnType<Draft["write"]>): ProgramReport["kept"] {
  return written && { path: shownPath(written.path), finding: written.finding };
}

function exitCodeOf({ trajectory, kept }: ProgramReport): number {
  if (trajectory.status !== "failed") return EXIT.ok;
  return kept !== null && isConfirmed(kept.finding.fixture) ? EXIT.violated : EXIT.inconclusive;
}
