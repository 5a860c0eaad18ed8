import type { Fixture } from "../fixtures/schema.ts";
import { type Batch, loopBound } from "../programs/lstm/cases/batch.ts";
import type { CapturedStep } from "../programs/lstm/cases/capturedStep.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { layerShapes } from "../programs/lstm/cases/shapes.ts";
import type { LayerParameters, TrainingState } from "../programs/lstm/cases/state.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";
import type { StepRecord } from "../programs/stepRecord.ts";
import type { Depth, ExportedLayer, Reproduction } from "./reproduction.ts";

/** A fixture of the LSTM that was seen to die: its fatal step, with the record of it. */
export interface CheckedDeath {
  fatal: CapturedStep;
  record: StepRecord;
  expected: Pick<Fixture["expected"], "signature" | "step" | "versions"> & Pick<Diagnosis, "site">;
  sentence: string;
}

/** Takes from a fixture all that a script needs. */
export function reproductionOf({ fatal, record, expected, sentence }: CheckedDeath): Reproduction {
  const { case: testCase, state, batch } = fatal;
  const { model, loss, optimizer } = testCase;
  const { site, signature, step, versions = {} } = expected;
  const depth = depthOf(record);
  return {
    sentence,
    signature,
    diedOn: Object.values(versions).filter((known) => known !== undefined),
    verified: [],
    site: { phase: site?.phase ?? "forward", timestep: site?.timestep ?? null },
    depth,
    step,
    updatesBefore: state.step,
    layers: layersOf(testCase, state.weights),
    moments:
      depth === "update" && hasMoments(state)
        ? { first: layersOf(testCase, state.firstMoment), second: layersOf(testCase, state.secondMoment) }
        : null,
    model,
    loss,
    optimizer,
    batch: runBatch(batch, model.inputs),
  };
}

/** The part of a step in which its death shows first. */
function depthOf({ finite }: StepRecord): Depth {
  if (!finite.loss) return "loss";
  if (!finite.rawGradients) return "gradients";
  return finite.gradients ? "update" : "clip";
}

function hasMoments({ firstMoment, secondMoment }: TrainingState): boolean {
  const isSet = ({ kernel, bias }: LayerParameters) =>
    [kernel, bias].some((array) => array.some((v) => v !== 0));
  return [...firstMoment, ...secondMoment].some(isSet);
}

function layersOf({ model }: TrainingCase, parameters: readonly LayerParameters[]): ExportedLayer[] {
  return layerShapes(model).map(({ inputs, units }, l) => {
    const { kernel = new Float32Array(), bias = new Float32Array() } = parameters[l] ?? {};
    return {
      inputs,
      units,
      activation: model.layers[l]?.activation ?? "tanh",
      kernel: kernel.slice(0, inputs * 4 * units),
      recurrentKernel: kernel.slice(inputs * 4 * units),
      bias: bias.slice(),
    };
  });
}

function runBatch(batch: Batch, inputs: number): Reproduction["batch"] {
  const run = loopBound(batch);
  const { rows, time } = batch;
  const x = new Float32Array(rows * run * inputs);
  for (let row = 0; row < rows; row++)
    x.set(batch.x.subarray(row * time * inputs, (row * time + run) * inputs), row * run * inputs);
  return { ...batch, x, run };
}
