import { shellWord } from "../documents/printable.ts";
import type { Finding } from "../findings/finding.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";
import { deathSentence, siteSentence } from "../programs/lstm/diagnosis/words.ts";
import { CONFIRMING_ENGINE } from "../programs/lstm/engines/engine.ts";
import { ofLayers } from "../programs/lstm/engines/gauges.ts";
import { FIX_NAMES } from "../programs/lstm/fixes/fixes.ts";
import type { CaseSize } from "../programs/program.ts";
import { GAUGES, gauge, isFatal, type StepRecord } from "../programs/stepRecord.ts";
import type { Trajectory } from "../programs/trajectory.ts";
import { type Alarmed, alarmSentence } from "../warning/alarm.ts";
import { aboutFixture, fixtureCommand, NO_FLAGS, type RepeatedFlags } from "./fixtureCommand.ts";
import { fixesLines, knownJson } from "./known.ts";
import { sizePhrase } from "./size.ts";

/** One epoch of training, as it ended. */
export interface EpochReport {
  /** Counts from 1. */
  epoch: number;
  epochs: number;
  seconds: number;
  /** Mean over the epoch's batches. */
  loss: number;
  /** Mean cosine distance over the validation batches; null where there are none or the run died. */
  validationLoss: number | null;
}

const lossText = (loss: number) => (Number.isNaN(loss) ? "nan" : String(Math.fround(loss)));

/** An epoch in the form in which the original program printed it. */
export function epochBlock({ epoch, epochs, seconds, loss, validationLoss }: EpochReport): string[] {
  const validation = validationLoss === null ? "" : `\tVal Loss : ${lossText(validationLoss)}`;
  const time = seconds < 10 ? seconds.toFixed(1) : Math.round(seconds);
  return [`Epoch ${epoch}/${epochs}`, `\tTime : ${time} s\tLoss : ${lossText(loss)}${validation}`];
}

/** The fixture that was made of a death. */
export interface CapturedDeath {
  /** Its path as typed from here. */
  fixture: string;
  /** The fixture itself. */
  contents: Finding["fixture"];
  /** True where tfjs-wasm confirmed it. */
  confirmed: boolean;
  /** The size of the step as it was cut out of its run. */
  before: CaseSize;
  /** Fixtures of other signatures that were met while it was shrunk. */
  slips: { fixture: string; signature: string }[];
}

/** The end of a training run. */
export interface TrainReport {
  /** The model that was trained. */
  model: TrainingCase["model"];
  trajectory: Trajectory<Diagnosis>;
  epoch: number;
  /** Null where no fixture was written. */
  captured: CapturedDeath | null;
  msPerStep: number;
  /** The alarm that ended the run; null where none did. */
  stoppedEarly: Alarmed | null;
}

/** The JSON document of `nanproof train`. */
export function trainJson({ trajectory, epoch, captured, msPerStep, stoppedEarly }: TrainReport) {
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  return {
    status: stoppedEarly === null ? trajectory.status : "stoppedEarly",
    epoch,
    step: trajectory.steps,
    loss: trajectory.records.at(-1)?.loss ?? null,
    signature: diagnosis?.signature ?? null,
    site: diagnosis?.site ?? null,
    fixture: captured?.fixture ?? null,
    ...knownJson(captured?.contents),
    msPerStep: Number(msPerStep.toFixed(3)),
  };
}

/** The end of a training run, in plain words. */
export function trainSummary(
  { model, trajectory, epoch, captured, msPerStep, stoppedEarly }: TrainReport,
  again: RepeatedFlags = NO_FLAGS,
): string[] {
  const pace = `${trajectory.steps} steps, ${msPerStep.toFixed(1)} ms a step`;
  const last = trajectory.records.at(-1);
  if (trajectory.status === "completed")
    return [`completed finite: ${pace}, last loss ${last?.loss ?? "none"}`];
  if (stoppedEarly !== null)
    return [
      `stopped early at step ${stoppedEarly.step} (epoch ${epoch}), after ${pace}; last loss ${last?.loss ?? "none"}`,
      `  ${alarmSentence(stoppedEarly)}`,
    ];
  if (trajectory.status === "interrupted")
    return [
      `interrupted in epoch ${epoch} after ${pace}; last loss ${last?.loss ?? "none"}${last ? `; ${growth(last)}` : ""}`,
    ];
  const { death } = trajectory;
  const lines = [
    `died at step ${death.step} (epoch ${epoch}), after ${pace}: ${whatDied(death.record, death.diagnosis)}`,
  ];
  if (death.diagnosis) {
    const { signature, site } = death.diagnosis;
    lines.push(
      `  signature  ${signature}`,
      `  first      ${site === null ? death.diagnosis.operation : siteSentence(site, { model })}`,
      `  because    ${deathSentence(death.diagnosis)}`,
    );
  }
  const before = trajectory.records.at(-2);
  if (before)
    lines.push(
      `  one step before: loss ${before.loss}, gradient norm ${gauge(before, GAUGES.rawGradientNorm)}, ${growth(before)}`,
    );
  if (captured === null)
    lines.push(
      "",
      "no fixture was written: taken out of the run, the step did not die of the same signature",
    );
  else {
    const { confirmed, contents, before, slips } = captured;
    const { sentence, size, minimal } = contents;
    const { reproducesOn } = contents.expected;
    const where =
      reproducesOn.length > 0 ? `dies the same way on ${reproducesOn.join(", ")}` : "not run by itself yet";
    const doubt = confirmed ? "" : `; NOT confirmed on ${CONFIRMING_ENGINE}, so it counts for nothing yet`;
    const fixture = shellWord(captured.fixture);
    lines.push("", `captured in ${fixture}`);
    lines.push(
      `  ${sentence}`,
      `  shrunk from ${sizePhrase(before)}`,
      `  to ${sizePhrase(size)}${minimal ? "" : "; not minimal"}`,
      `  ${where}${doubt}`,
    );
    for (const line of fixesLines(contents, captured.fixture, FIX_NAMES, again)) lines.push(`  ${line}`);
    for (const slip of slips)
      lines.push(`also met while shrinking: ${slip.signature}, kept in ${shellWord(slip.fixture)}`);
    lines.push(
      "replay it:",
      `  ${fixtureCommand("replay", aboutFixture(captured.fixture, contents), again)}`,
    );
  }
  return lines;
}

function growth(record: StepRecord): string {
  return `max |cell| by layer ${ofLayers(record, "maxCell")
    .map((cell) => cell.toExponential(1))
    .join(", ")}`;
}

function whatDied(record: StepRecord, diagnosis: Diagnosis | null): string {
  const { finite, loss } = record;
  if (!isFatal(record) && diagnosis !== null) return `${diagnosis.mechanism} is violated, loss ${loss}`;
  const dead = [
    !finite.gradients && "gradients",
    !finite.weights && "weights",
    !finite.moments && "Adam's moments",
  ].filter(Boolean);
  return `${dead.join(", ") || "the loss"} not finite, loss ${finite.loss ? `still ${loss}` : lossText(loss)}`;
}
