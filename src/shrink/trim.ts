import type { Batch } from "../cases/batch.ts";
import { targetWidth } from "../cases/shapes.ts";
import type { CapturedStep } from "../fixtures/capture.ts";
import { type Diagnosis, diagnose } from "../training/diagnosis.ts";
import type { Engine } from "../training/engine.ts";
import { isFatal } from "../training/stepRecord.ts";

/**
 * Drops the rows and timesteps that a fatal step can do without and still die of the same
 * signature. Rows and later timesteps never feed into a cell, so what is left computes as before.
 */
export function trimStep(engine: Engine, captured: CapturedStep, death: Diagnosis): CapturedStep {
  const survives = (batch: Batch): boolean =>
    dies({ ...captured, batch }, engine)?.signature === death.signature;
  const fewerRows = trimRows(captured, death, survives);
  const batch = trimTimesteps({ ...captured, batch: fewerRows }, death, survives);
  return { ...captured, batch };
}

/** Runs one step from the captured state; what it died of, or null where it lived. */
function dies({ case: testCase, state, batch }: CapturedStep, engine: Engine): Diagnosis | null {
  const training = engine.start(testCase, state);
  try {
    const diagnosis = diagnose(testCase, batch, training.trace(batch));
    return diagnosis !== null && isFatal(training.step(batch)) ? diagnosis : null;
  } finally {
    training.dispose();
  }
}

/** First the row of the site alone, or beside the longest one; failing that, each row in turn. */
function trimRows(
  { case: testCase, batch }: CapturedStep,
  death: Diagnosis,
  survives: (batch: Batch) => boolean,
): Batch {
  const keep = (rows: number[]) => pickRows(batch, rows, testCase.model.inputs, targetWidth(testCase.model));
  const longest = batch.lengths.indexOf(Math.max(...batch.lengths));
  if (death.site.timestep !== null) {
    const alone = keep([death.site.row]);
    if (survives(alone)) return alone;
    const pair = keep([...new Set([death.site.row, longest])].sort((a, b) => a - b));
    if (survives(pair)) return pair;
  }
  let rows = Array.from({ length: batch.rows }, (_, row) => row);
  for (let size = Math.ceil(rows.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = 0; start < rows.length; ) {
      const rest = [...rows.slice(0, start), ...rows.slice(start + size)];
      if (rest.length > 0 && survives(keep(rest))) rows = rest;
      else start += size;
    }
  return keep(rows);
}

/** First to the timestep of the site, then ever finer cuts off the end until none is accepted. */
function trimTimesteps(
  { case: testCase, batch }: CapturedStep,
  death: Diagnosis,
  survives: (batch: Batch) => boolean,
): Batch {
  const cut = (from: Batch, time: number) =>
    cutTime(from, time, testCase.model.inputs, targetWidth(testCase.model));
  let best = batch;
  const site = death.site.timestep;
  if (site !== null && site + 1 < best.time) {
    const atSite = cut(best, site + 1);
    if (survives(atSite)) best = atSite;
  }
  for (let drop = Math.floor(best.time / 2); drop >= 1; ) {
    const shorter = best.time > drop ? cut(best, best.time - drop) : best;
    if (shorter !== best && survives(shorter)) best = shorter;
    else drop = Math.floor(drop / 2);
  }
  return best;
}

function pickRows(batch: Batch, rows: number[], inputs: number, targets: number): Batch {
  const pick = (values: Float32Array, width: number) => {
    const size = batch.time * width;
    const picked = new Float32Array(rows.length * size);
    rows.forEach((row, i) => {
      picked.set(values.subarray(row * size, (row + 1) * size), i * size);
    });
    return picked;
  };
  return {
    rows: rows.length,
    time: batch.time,
    x: pick(batch.x, inputs),
    y: pick(batch.y, targets),
    lengths: Int32Array.from(rows, (row) => batch.lengths[row] ?? 0),
  };
}

function cutTime(batch: Batch, time: number, inputs: number, targets: number): Batch {
  const cut = (values: Float32Array, width: number) => {
    const kept = new Float32Array(batch.rows * time * width);
    for (let row = 0; row < batch.rows; row++) {
      const start = row * batch.time * width;
      kept.set(values.subarray(start, start + time * width), row * time * width);
    }
    return kept;
  };
  return {
    rows: batch.rows,
    time,
    x: cut(batch.x, inputs),
    y: cut(batch.y, targets),
    lengths: batch.lengths.map((length) => Math.min(length, time)),
  };
}
