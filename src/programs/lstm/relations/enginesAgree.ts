import type { Engine } from "../engines/engine.ts";
import { agreement, type Relation } from "./relation.ts";
import { takeStep } from "./sharedStep.ts";

/** Another engine computes the same. */
export function enginesAgree(other: Engine): Relation {
  return {
    name: `agrees with ${other.name}`,
    check: (engine, step) => agreement(engine, step, takeStep(other, step)),
  };
}
