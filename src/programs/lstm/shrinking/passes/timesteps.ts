import { deleteRuns, type Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { cutTime, pickTimesteps } from "../edits/batch.ts";
import { range } from "../edits/matrix.ts";

/**
 * Deletes timesteps: what follows the site, then runs of timesteps, inside the rows as well as at their end. Safe:
 * later timesteps never feed into earlier states; a timestep out of the middle makes a shorter row of the same
 * weights. Late among the passes: fewer timesteps ask for a greater growth factor, T is about 88 / ln factor, so
 * that numbers could get no plainer afterwards.
 */
export const timesteps: Pass<CapturedStep, Diagnosis> = {
  name: "timesteps",
  isLast: true,
  *candidates(from) {
    let { step } = from;
    const site = from.death.site?.timestep ?? null;
    if (site !== null && site + 1 < step.batch.time) step = (yield cutTime(step, site + 1))?.step ?? step;
    yield* deleteRuns(
      { ...from, step },
      ({ batch }) => batch.time,
      ({ batch, ...rest }, start, size) => {
        const kept = range(batch.time).filter((t) => t < start || t >= start + size);
        return kept.length === 0 ? null : pickTimesteps({ ...rest, batch }, kept);
      },
    );
  },
};
