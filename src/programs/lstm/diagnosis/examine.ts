import type { Examined } from "../../program.ts";
import { DEFAULT_INVARIANTS, watchAll } from "../../stepInvariant.ts";
import { isAllFinite, isFatal, type StepRecord } from "../../stepRecord.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import type { Engine } from "../engines/engine.ts";
import { type Diagnosis, diagnose, violationOf } from "./diagnosis.ts";
import { ZeroWatch } from "./zeroWatch.ts";

/** Takes a step; only one that breaks an invariant of the engine is traced, which costs several steps more. */
export function examineStep(
  engine: Engine,
  { case: testCase, state, batch }: CapturedStep,
): Examined<Diagnosis> {
  const record = stepOf(engine, { case: testCase, state, batch });
  const violation = watchAll(engine.invariants ?? DEFAULT_INVARIANTS)(record);
  if (violation === null) return { kind: "lives" };
  const violated = (): Examined<Diagnosis> =>
    isFatal(record) ? { kind: "lives" } : { kind: "dies", death: violationOf(violation), metZero: false };
  if (isAllFinite(record)) return violated();
  const again = engine.start(testCase, state);
  try {
    const watch = new ZeroWatch(testCase, batch);
    const death = diagnose(testCase, batch, watch.watched(again.trace(batch)));
    return death === null ? violated() : { kind: "dies", death, metZero: watch.met };
  } finally {
    again.dispose();
  }
}

function stepOf(engine: Engine, { case: testCase, state, batch }: CapturedStep): StepRecord {
  const training = engine.start(testCase, state);
  try {
    return training.step(batch);
  } finally {
    training.dispose();
  }
}

/**
 * The hidden states that each layer hands to the next one in a step, the lowest layer first: [rows, time, units],
 * 0 past the last timestep that is run.
 */
export function layerOutputs(engine: Engine, { case: testCase, state, batch }: CapturedStep): Float32Array[] {
  const outputs = testCase.model.layers.map(({ units }) => new Float32Array(batch.rows * batch.time * units));
  const training = engine.start(testCase, state);
  try {
    for (const { phase, timestep, layer, tensors } of training.trace(batch)) {
      if (phase !== "forward") break;
      const hidden = tensors.find(({ name }) => name === "hidden");
      const into = layer === null ? undefined : outputs[layer];
      if (timestep === null || hidden === undefined || into === undefined) continue;
      for (let row = 0; row < batch.rows; row++)
        into.set(
          hidden.values.subarray(row * hidden.columns, (row + 1) * hidden.columns),
          (row * batch.time + timestep) * hidden.columns,
        );
    }
    return outputs;
  } finally {
    training.dispose();
  }
}
