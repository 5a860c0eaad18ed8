import type { Batch } from "../cases/batch.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { targetWidth } from "../cases/shapes.ts";
import type { CapturedStep } from "../fixtures/capture.ts";
import { type Diagnosis, diagnose } from "../training/diagnosis.ts";
import type { Engine } from "../training/engine.ts";
import { isFatal } from "../training/stepRecord.ts";

/**
 * Drops the rows and timesteps that a fatal step can do without and still die of the same
 * signature. Rows and later timesteps never feed into a cell, so what is left computes as before.
 * Of what is left, no row and not the last timestep can go: both are tried again until neither
 * does, because with a row gone one that was tried before may have become needless.
 */
export function trimStep(engine: Engine, captured: CapturedStep, death: Diagnosis): CapturedStep {
  const survives = (batch: Batch): boolean =>
    dies({ ...captured, batch }, engine)?.signature === death.signature;
  let batch = nearSite(captured, death, survives);
  for (let size = Number.POSITIVE_INFINITY; batch.rows * batch.time < size; ) {
    size = batch.rows * batch.time;
    batch = trimTimesteps({ ...captured, batch }, death, survives);
    batch = trimRows({ ...captured, batch }, survives);
  }
  return { ...captured, batch };
}

/** Whether the step on this batch still dies of the same signature. */
type Survives = (batch: Batch) => boolean;

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

/** The row of the site alone, or beside the longest one; failing both, the whole batch. */
function nearSite({ case: testCase, batch }: CapturedStep, death: Diagnosis, survives: Survives): Batch {
  if (death.site.timestep === null) return batch;
  const { row } = death.site;
  const longest = batch.lengths.indexOf(Math.max(...batch.lengths));
  for (const rows of [[row], [...new Set([row, longest])].sort((a, b) => a - b)]) {
    const few = pickRows(batch, rows, testCase);
    if (few.rows < batch.rows && survives(few)) return few;
  }
  return batch;
}

/** Drops runs of rows, ever shorter ones, and at last single rows. */
function trimRows({ case: testCase, batch }: CapturedStep, survives: Survives): Batch {
  let best = batch;
  for (let size = Math.ceil(batch.rows / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = 0; start < best.rows && best.rows > 1; ) {
      const rest = Array.from({ length: best.rows }, (_, row) => row).filter(
        (row) => row < start || row >= start + size,
      );
      const fewer = rest.length > 0 ? pickRows(best, rest, testCase) : best;
      if (fewer !== best && survives(fewer)) best = fewer;
      else start += size;
    }
  return best;
}

/** First to the timestep of the site, then ever finer cuts off the end until none is accepted. */
function trimTimesteps({ case: testCase, batch }: CapturedStep, death: Diagnosis, survives: Survives): Batch {
  const cut = (from: Batch, time: number) => cutTime(from, time, testCase);
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

function pickRows(batch: Batch, rows: number[], { model }: TrainingCase): Batch {
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
    x: pick(batch.x, model.inputs),
    y: pick(batch.y, targetWidth(model)),
    lengths: Int32Array.from(rows, (row) => batch.lengths[row] ?? 0),
  };
}

function cutTime(batch: Batch, time: number, { model }: TrainingCase): Batch {
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
    x: cut(batch.x, model.inputs),
    y: cut(batch.y, targetWidth(model)),
    lengths: batch.lengths.map((length) => Math.min(length, time)),
  };
}
