import type { Judge } from "../evidence.ts";
import { isState } from "./nonFiniteInput.ts";

/** A weight, a slot or another tensor of the state was not finite before the step. */
export const nonFiniteWeight: Judge = ({ given }) =>
  given !== null && isState(given.name)
    ? { because: `${given.name} held ${given.nan} NaN and ${given.inf} infinite numbers before the step.` }
    : null;
