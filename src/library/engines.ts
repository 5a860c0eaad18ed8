import * as z from "zod";
import type { Batch } from "../programs/lstm/cases/batch.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { TrainingState } from "../programs/lstm/cases/state.ts";
import type { TraceGroup } from "../programs/lstm/diagnosis/trace.ts";
import {
  ENGINE_NAMES,
  type Engine,
  type EngineName,
  type Training,
} from "../programs/lstm/engines/engine.ts";
import { openEngine as open } from "../programs/lstm/engines/open.ts";
import type { StepRecord } from "../programs/stepRecord.ts";
import { checked, hasMethods, isObject, thing } from "./check.ts";
import { checkedBatch, checkedState } from "./numbers.ts";
import { checkedShape } from "./testCases.ts";

/**
 * Loads an engine. Nothing of an engine is read from disk before it is asked for.
 * @throws UsageError when there is none of that name, it is not installed, or it does not load.
 */
export async function openEngine(name: EngineName): Promise<Engine> {
  return checkedEngine(await open(checked(engineName, name, "name")));
}

/** The name of an engine. */
export const engineName = z.enum(ENGINE_NAMES);

/** The key of the engine inside one of {@link openEngine}; it is not copied into an engine that is made of that one. */
const INNER = Symbol("inner");
interface Unchecked {
  inner: Engine;
  /** The object that it was handed out as. */
  outer: Engine;
}

function checkedEngine(inner: Engine): Engine {
  const outer: Engine = {
    name: inner.name,
    version: inner.version,
    program: inner.program,
    start(testCase, state) {
      const valid = checkedShape(testCase);
      return new CheckedTraining(inner.start(valid, checkedState(state, valid)), valid);
    },
  };
  return Object.defineProperty(outer, INNER, { value: { inner, outer } satisfies Unchecked });
}

const engine = thing<Engine>(
  (value) => hasMethods(value, "start") && isObject(value) && typeof value.version === "string",
  "what openEngine opens",
);

/** The engine, without its checks where nanproof opened it: a function that checked what it was given starts many runs. */
export function engineOf(value: Engine, name = "engine"): Engine {
  const valid = checked(engine, value, name);
  checked(engineName, valid.name, `${name}.name`);
  const known = (valid as { [INNER]?: Unchecked })[INNER];
  return known?.outer === valid ? known.inner : valid;
}

/** Several engines, as {@link engineOf} has each. */
export function enginesOf(values: readonly Engine[], name: string): Engine[] {
  return checked(z.array(engine), values, name).map((value, i) => engineOf(value, `${name}[${i}]`));
}

/** A run in progress that looks at every batch that it is given. */
class CheckedTraining implements Training {
  constructor(
    readonly inner: Training,
    readonly testCase: TrainingCase,
  ) {}

  step(batch: Batch): StepRecord {
    return this.inner.step(checkedBatch(batch, this.testCase));
  }
  evaluate(batch: Batch): number {
    return this.inner.evaluate(checkedBatch(batch, this.testCase));
  }
  state(): TrainingState {
    return this.inner.state();
  }
  previousState(): TrainingState {
    return this.inner.previousState();
  }
  outputs(batch: Batch): Float32Array {
    return this.inner.outputs(checkedBatch(batch, this.testCase));
  }
  gradients(batch: Batch): TrainingState["weights"] {
    return this.inner.gradients(checkedBatch(batch, this.testCase));
  }
  trace(batch: Batch): Iterable<TraceGroup> {
    return this.inner.trace(checkedBatch(batch, this.testCase));
  }
  dispose(): void {
    this.inner.dispose();
  }
}
