import { nudge } from "../../../numerics/nudge.ts";
import { mapArrays } from "../cases/parameters.ts";
import type { TrainingState } from "../cases/state.ts";

/** The state with every weight that is not 0 moved by one ulp: away from 0 and towards it in turn, from `first` on. */
export function nudged(state: TrainingState, first: "away" | "towards"): TrainingState {
  return {
    ...state,
    weights: mapArrays(state.weights, (values) => nudge(values, first)),
  };
}
