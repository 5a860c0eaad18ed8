import { type DyingStep, deleteRuns, type Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { pickRows } from "../edits/batch.ts";
import { range } from "../edits/matrix.ts";

/**
 * Deletes rows of the batch: first the row of the site (what dies without it dies of something else, which the search
 * then knows of), then all but that row and the longest one, beside which a row that has ended is computed on, then
 * runs of rows. Safe: no row feeds into another's states; what a row adds to loss and
 * gradients only is judged by running the rest.
 */
export const rows: Pass<CapturedStep, Diagnosis> = {
  name: "rows",
  *candidates(from) {
    const near = yield* nearSite(from);
    yield* deleteRuns(
      near,
      ({ batch }) => batch.rows,
      (step, start, size) => {
        const kept = range(step.batch.rows).filter((row) => row < start || row >= start + size);
        return kept.length === 0 ? null : pickRows(step, kept);
      },
    );
  },
};

function* nearSite(
  from: DyingStep<CapturedStep, Diagnosis>,
): Generator<CapturedStep, DyingStep<CapturedStep, Diagnosis>, DyingStep<CapturedStep, Diagnosis> | null> {
  const { batch } = from.step;
  const { row = 0, timestep = null } = from.death.site ?? {};
  if (timestep === null || batch.rows === 1) return from;
  const without = yield pickRows(
    from.step,
    range(batch.rows).filter((other) => other !== row),
  );
  if (without) return without;
  const longest = batch.lengths.indexOf(Math.max(...batch.lengths));
  for (const kept of [[row], [...new Set([row, longest])].sort((a, b) => a - b)]) {
    const accepted = kept.length < batch.rows ? yield pickRows(from.step, kept) : null;
    if (accepted) return accepted;
  }
  return from;
}
