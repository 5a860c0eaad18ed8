import { LIMITS } from "../documents/limits.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { Engine } from "../programs/lstm/engines/engine.ts";
import { enginesAgree as agree } from "../programs/lstm/relations/enginesAgree.ts";
import type { Relation } from "../programs/lstm/relations/relation.ts";
import { rowOrder as order } from "../programs/lstm/relations/rowOrder.ts";
import { digestOf as digest } from "../programs/lstm/relations/sameBits.ts";
import { type SharedStep, sharedStep as share } from "../programs/lstm/relations/sharedStep.ts";
import {
  trailingColumns as columns,
  paddingRow as padding,
} from "../programs/lstm/relations/trailingPadding.ts";
import { checked, isObject, thing } from "./check.ts";
import { engineOf } from "./engines.ts";
import { checkedBatch, checkedState, checkSize } from "./numbers.ts";
import { checkedCase, checkedShape } from "./testCases.ts";

const steps = thing<SharedStep>(isObject, "what sharedStep makes");

/** A step whose parts fit its case. */
export function checkedStep(step: SharedStep, name = "step"): SharedStep {
  const { testCase, state, batch } = checked(steps, step, name);
  const valid = checkedShape(testCase, `${name}.testCase`);
  return {
    testCase: valid,
    state: checkedState(state, valid),
    batch: checkedBatch(batch, valid, `${name}.batch`),
  };
}

/** The relation, which looks at what it is given. */
const looking = ({ name, check }: Relation): Relation => ({
  name,
  check: (engine, step) => check(engineOf(engine), checkedStep(step)),
});

/** Zero vectors after the end of every row, its length kept, change nothing. */
export const trailingColumns = looking(columns);
/** A row of length 0 changes nothing. */
export const paddingRow = looking(padding);
/** The order of a batch's rows changes nothing: the last row comes first. */
export const rowOrder = looking(order);

/** Another engine gives the same. */
export function enginesAgree(other: Engine): Relation {
  return looking(agree(engineOf(other, "other")));
}

/** The digest of a whole run, from its start to its end or its death: the same for the same case, to the bit. */
export function digestOf(engine: Engine, testCase: TrainingCase): string {
  return digest(engineOf(engine), checkedCase(testCase));
}

/**
 * The step of a run that comes after `taken` others, each with its own batch. Of a run that dies before,
 * it is the step at which it died.
 */
export function sharedStep(engine: Engine, testCase: TrainingCase, taken: number): SharedStep {
  checkSize(taken, LIMITS.steps, "taken", 0);
  return share(engineOf(engine), checkedCase(testCase), taken);
}
