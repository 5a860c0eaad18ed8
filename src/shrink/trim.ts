import type { CapturedStep } from "../cases/capturedStep.ts";
import type { Diagnosis } from "../training/diagnosis.ts";
import type { Engine } from "../training/engine.ts";
import { cutTime, onBatch, pickRows } from "./edits/batch.ts";
import { range } from "./edits/matrix.ts";
import { Examiner } from "./examiner.ts";

/**
 * Drops the rows and timesteps that a fatal step can do without and still die of the same
 * signature. Rows and later timesteps never feed into a cell, so what is left computes as before.
 * Of what is left, no row and not the last timestep can go: both are tried again until neither
 * does, because with a row gone one that was tried before may have become needless.
 */
export function trimStep(engine: Engine, captured: CapturedStep, death: Diagnosis): CapturedStep {
  const examiner = new Examiner(engine);
  const survives = (step: CapturedStep): boolean => {
    const verdict = examiner.examine(step);
    return verdict.kind === "dies" && verdict.death.signature === death.signature;
  };
  let step = nearSite(onBatch(captured, captured.batch), death, survives);
  for (let size = Number.POSITIVE_INFINITY; step.batch.rows * step.batch.time < size; ) {
    size = step.batch.rows * step.batch.time;
    step = trimTimesteps(step, death, survives);
    step = trimRows(step, survives);
  }
  return step;
}

/** Whether the step still dies of the same signature. */
type Survives = (step: CapturedStep) => boolean;

/** The row of the site alone, or beside the longest one; failing both, the whole batch. */
function nearSite(step: CapturedStep, death: Diagnosis, survives: Survives): CapturedStep {
  const { rows, lengths } = step.batch;
  if (death.site.timestep === null) return step;
  const { row } = death.site;
  const longest = lengths.indexOf(Math.max(...lengths));
  for (const kept of [[row], [...new Set([row, longest])].sort((a, b) => a - b)]) {
    const few = pickRows(step, kept);
    if (kept.length < rows && survives(few)) return few;
  }
  return step;
}

/** Drops runs of rows, ever shorter ones, and at last single rows. */
function trimRows(step: CapturedStep, survives: Survives): CapturedStep {
  let best = step;
  for (let size = Math.ceil(step.batch.rows / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = 0; start < best.batch.rows && best.batch.rows > 1; ) {
      const kept = range(best.batch.rows).filter((row) => row < start || row >= start + size);
      const fewer = kept.length > 0 ? pickRows(best, kept) : best;
      if (fewer !== best && survives(fewer)) best = fewer;
      else start += size;
    }
  return best;
}

/** First to the timestep of the site, then ever finer cuts off the end until none is accepted. */
function trimTimesteps(step: CapturedStep, death: Diagnosis, survives: Survives): CapturedStep {
  let best = step;
  const site = death.site.timestep;
  if (site !== null && site + 1 < best.batch.time) {
    const atSite = cutTime(best, site + 1);
    if (survives(atSite)) best = atSite;
  }
  for (let drop = Math.floor(best.batch.time / 2); drop >= 1; ) {
    const shorter = best.batch.time > drop ? cutTime(best, best.batch.time - drop) : best;
    if (shorter !== best && survives(shorter)) best = shorter;
    else drop = Math.floor(drop / 2);
  }
  return best;
}
