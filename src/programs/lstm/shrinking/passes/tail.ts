import type { Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { cutTime } from "../edits/batch.ts";

/**
 * Cuts timesteps off the end: first to the timestep of the site, then ever fewer of them. Safe: later timesteps
 * never feed into earlier states, so what is left computes as before.
 */
export const tail: Pass<CapturedStep, Diagnosis> = {
  name: "tail",
  *candidates({ step: start, death }) {
    let step = start;
    const site = death.site?.timestep ?? null;
    if (site !== null && site + 1 < step.batch.time) step = (yield cutTime(step, site + 1))?.step ?? step;
    for (let drop = Math.floor(step.batch.time / 2); drop >= 1; ) {
      const accepted = step.batch.time > drop ? yield cutTime(step, step.batch.time - drop) : null;
      if (accepted) step = accepted.step;
      else drop = Math.floor(drop / 2);
    }
  },
};
