import { decodeFloat32 } from "../../../numerics/float32.ts";
import { maxAbs, norm } from "../../../numerics/measure.ts";
import { GAUGES, gauge, type StepRecord } from "../../stepRecord.ts";
import type { Batch } from "../cases/batch.ts";
import { openData } from "../cases/data.ts";
import { PARAMETERS } from "../cases/parameters.ts";
import { decodeTensor, initialState, type LayerParameters } from "../cases/state.ts";
import type { Engine, Training } from "../engines/engine.ts";
import { type Recording, recordedCase } from "./recording.ts";

/** The first number in which an engine and a recording differ by more than the tolerance. */
interface Disagreement {
  /** Counts from 1; null for what belongs to the end of the run. */
  step: number | null;
  quantity: string;
  expected: number | string;
  actual: number | string;
  /** Largest difference that would have agreed, where there is one. */
  tolerance?: number;
}

/** The result of comparing an engine with a recording. */
export interface Comparison {
  name: string;
  agree: boolean;
  /** Steps compared. */
  steps: number;
  /** Largest |actual - expected| / |expected| of the step quantities, fatal step left out. */
  maxRelativeError: number;
  firstDisagreement: Disagreement | null;
  /** The loss of the step that killed the weights, here as in the recording; null where they lived. */
  fatalLoss: number | null;
}

const QUANTITIES = ["loss", "cosineDistance", "gradientNorm", "weightNorm"] as const;
/** First-step outputs and gradients agree within this part of their tensor's largest magnitude. */
const FIRST_STEP_TOLERANCE = 1e-4;

/**
 * Replays a recording on an engine and compares step by step. In a fatal step only the death
 * counts, and of a recording whose first step is fatal nothing else: what is still finite there
 * depends on a library's sigmoid of -Infinity.
 */
export function compareRecording(recording: Recording, engine: Engine): Comparison {
  const testCase = recordedCase(recording);
  const data = openData(testCase, { folder: "." });
  const training = engine.start(testCase, initialState(testCase));
  try {
    return compareTraining(recording, training, data.batch);
  } finally {
    training.dispose();
  }
}

function compareTraining(
  recording: Recording,
  training: Training,
  batch: (step: number) => Batch,
): Comparison {
  const comparison: Comparison = {
    name: recording.case.name,
    agree: true,
    steps: 0,
    maxRelativeError: 0,
    firstDisagreement: null,
    fatalLoss: null,
  };
  const note = (found: Disagreement | null): void => {
    comparison.firstDisagreement ??= found;
    comparison.agree = comparison.firstDisagreement === null;
  };
  if (recording.steps[0]?.weightsFinite !== false) note(compareFirstStep(recording, training, batch(0)));
  for (const [index, expected] of recording.steps.entries()) {
    const record = training.step(batch(index));
    comparison.steps = index + 1;
    const dies = expected.weightsFinite === false;
    if (record.finite.weights === dies) {
      const words = (finite: boolean) => (finite ? "finite" : "not finite");
      note({
        step: index + 1,
        quantity: "weights",
        expected: words(!dies),
        actual: words(record.finite.weights),
      });
      return comparison;
    }
    if (dies) return { ...comparison, fatalLoss: record.loss };
    for (const quantity of QUANTITIES) {
      const { error, disagreement } = compareQuantity(quantity, index, expected, record);
      comparison.maxRelativeError = Math.max(comparison.maxRelativeError, error);
      note(disagreement);
    }
  }
  note(compareFinalWeights(recording, training.state().weights));
  return comparison;
}

function compareQuantity(
  quantity: (typeof QUANTITIES)[number],
  index: number,
  step: Recording["steps"][number],
  record: StepRecord,
): { error: number; disagreement: Disagreement | null } {
  const expected = decodeFloat32(step[quantity]);
  const actual =
    quantity === "loss"
      ? record.loss
      : gauge(record, quantity === "gradientNorm" ? GAUGES.rawGradientNorm : quantity);
  const tolerance = Number(step.tolerance?.[quantity] ?? Math.max(1e-4 * Math.abs(expected), 1e-5));
  const disagreement = { step: index + 1, quantity, expected, actual, tolerance };
  if (!Number.isFinite(expected)) {
    // TensorFlow squares in float32, so its norms are Infinity where the measured ones need not be.
    const overflows = quantity.endsWith("Norm") && Math.fround(Math.fround(actual) ** 2) === expected;
    return { error: 0, disagreement: Object.is(actual, expected) || overflows ? null : disagreement };
  }
  const difference = Math.abs(actual - expected);
  if (!(difference <= tolerance)) return { error: difference / Math.abs(expected || 1), disagreement };
  return { error: difference / Math.abs(expected || 1), disagreement: null };
}

function compareFirstStep(recording: Recording, training: Training, batch: Batch): Disagreement | null {
  const { outputs, gradients } = recording.firstStep;
  const actualOutputs = training.outputs(batch);
  const pairs: { quantity: string; expected: Float32Array; actual: Float32Array }[] = [
    { quantity: "outputs", expected: decodeTensor(outputs, actualOutputs.length), actual: actualOutputs },
  ];
  training.gradients(batch).forEach(({ kernel, bias }, l) => {
    const expected = gradients[l];
    if (expected === undefined) return;
    pairs.push(
      {
        quantity: `gradients[${l}].kernel`,
        expected: decodeTensor(expected.kernel, kernel.length),
        actual: kernel,
      },
      { quantity: `gradients[${l}].bias`, expected: decodeTensor(expected.bias, bias.length), actual: bias },
    );
  });
  for (const { quantity, expected, actual } of pairs) {
    const tolerance = FIRST_STEP_TOLERANCE * maxAbs([expected]);
    const difference = actual.map((value, i) => value - (expected[i] as number));
    const worst = difference.findIndex((value) => !(Math.abs(value) <= tolerance));
    if (worst >= 0)
      return {
        step: 1,
        quantity: `first step's ${quantity}, entry ${worst}`,
        expected: expected[worst] as number,
        actual: actual[worst] as number,
        tolerance,
      };
  }
  return null;
}

function compareFinalWeights(recording: Recording, weights: LayerParameters[]): Disagreement | null {
  for (const [l, actual] of weights.entries())
    for (const name of PARAMETERS) {
      const json = recording.finalWeights[l]?.[name] ?? [];
      const expected = decodeTensor(json, actual[name].length);
      const tolerance = Number(
        recording.finalWeightsTolerance?.[l]?.[name] ?? Math.max(1e-3 * norm([expected]), 1e-6),
      );
      const distance = norm([actual[name].map((value, i) => value - (expected[i] as number))]);
      if (!(distance <= tolerance))
        return {
          step: null,
          quantity: `final weights of layer ${l}, ${name}: 2-norm of the difference`,
          expected: 0,
          actual: distance,
          tolerance,
        };
    }
  return null;
}
