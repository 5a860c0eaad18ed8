import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { diagnose, type TraceDiagnosis } from "../diagnosis/diagnose.ts";
import type { Trace } from "../trace/trace.ts";
import type { CapturedRecord } from "./capture.ts";
import type { Steps } from "./coroutine.ts";
import type { Died } from "./died.ts";
import { TrainingDied } from "./endings.ts";
import { digestNow, disposeResult, type Replayed, replayTwice } from "./replays.ts";
import { deathMessage, reportDeath } from "./reportDeath.ts";
import { startedFile } from "./startedFile.ts";
import { probeKernels } from "./tfjs/engineHooks.ts";
import { release } from "./tfjs/parts.ts";
import { traceStep } from "./traceStep.ts";
import { versionsFrom } from "./versions.ts";
import { type WrittenCapture, writeCapture } from "./writeCapture.ts";

/**
 * Runs a dead step again, twice for its bits and once to trace it, writes it down, says so on stderr, and leaves the state as
 * the step left it.
 * @throws TrainingDied unless the script goes on after a death.
 */
export function* die(died: Died): Steps<void> {
  const { training, options, kept, observed } = died;
  const after = training.state.take();
  let replayed: Replayed;
  let trace: Trace | null = null;
  try {
    replayed = yield* replayTwice(training, kept.before, kept.batch, digestNow(training));
    training.state.restore(kept.before);
    if (probeKernels() === null) {
      const traced = yield* traceStep(training, kept.batch, died.call);
      disposeResult(traced.observed.result);
      trace = traced.trace;
    }
  } finally {
    training.state.restore(after);
    release(after.values());
  }
  const diagnosis = trace === null ? null : diagnose(trace);
  const written = write(died, replayed, trace, diagnosis);
  const fixture = written instanceof Error ? null : written.path;
  process.stderr.write(reportDeath(died, diagnosis, written));
  if (options.onDeath === "continue") return;
  const { loss, dead } = observed;
  const at = dead ?? { where: null, tensor: null };
  throw new TrainingDied(deathMessage(died), { step: kept.step, loss, ...at, fixture });
}

function write(
  died: Died,
  { flaky, why }: Replayed,
  trace: Trace | null,
  diagnosis: TraceDiagnosis | null,
): WrittenCapture | Error {
  const { kept, observed, violated, options } = died;
  const file = startedFile(died.call);
  const record: CapturedRecord = {
    step: kept.step,
    loss: observed.loss,
    dead: observed.dead,
    gauges: observed.gauges,
    ...(violated.length > 0 ? { violated } : {}),
  };
  try {
    const capture = {
      step: kept.step,
      program: {
        name: file === null ? "script" : basename(file),
        sha256: file === null ? null : hashOf(file),
      },
      versions: versionsFrom(file ?? import.meta.filename),
      record,
      flaky,
      why,
      notes: trace?.notes ?? [probeKernels() ?? ""],
      expected: diagnosis === null ? null : { signature: diagnosis.signature, site: diagnosis.site },
    };
    const folder = options.findings ?? "nanproof-findings";
    return writeCapture({ folder, capture, state: kept.before, batch: kept.batch, trace });
  } catch (error) {
    // A full disk must not hide the death.
    return error as Error;
  }
}

function hashOf(file: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return null;
  }
}
