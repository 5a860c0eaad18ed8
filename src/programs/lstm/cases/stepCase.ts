import type { StepCase } from "../../program.ts";
import type { CapturedStep } from "./capturedStep.ts";
import { gateColumns } from "./gates.ts";
import { parameterArrays } from "./parameters.ts";
import type { TrainingCase } from "./schema.ts";
import { layerShapes, targetWidth } from "./shapes.ts";
import { type LayerParameters, stateArrays, type TrainingState } from "./state.ts";
import { BinaryWriter, jsonWriter, type TensorWriter } from "./tensorWriter.ts";

/** A captured step past this size as JSON goes into a binary file. */
const MAX_JSON_BYTES = 8e6;
/** "-0.12345678," */
const JSON_BYTES_PER_NUMBER = 12;

/** The step as a case of its own, one step long, every number kept to the bit. */
export function stepCase(captured: CapturedStep): StepCase<TrainingCase> {
  if (numbers(captured) * JSON_BYTES_PER_NUMBER <= MAX_JSON_BYTES)
    return { case: write(captured, jsonWriter) };
  const writer = new BinaryWriter();
  return { case: write(captured, writer), binary: writer.bytes() };
}

function write({ case: testCase, state, batch }: CapturedStep, writer: TensorWriter): TrainingCase {
  const shapes = layerShapes(testCase.model);
  const parameters = (layers: LayerParameters[]) =>
    layers.map(({ kernel, bias }, l) => ({
      kernel: writer.matrix(kernel, gateColumns(shapes[l]?.units ?? 1)),
      bias: writer.vector(bias),
    }));
  return {
    ...testCase,
    init: {
      kind: "explicit",
      step: state.step,
      weights: parameters(state.weights),
      ...(!isFresh(state) && {
        firstMoment: parameters(state.firstMoment),
        secondMoment: parameters(state.secondMoment),
      }),
    },
    data: {
      kind: "explicit",
      batches: [
        {
          time: batch.time,
          lengths: [...batch.lengths],
          x: writer.sequences(batch.x, batch.time, testCase.model.inputs),
          y: writer.sequences(batch.y, batch.time, targetWidth(testCase.model)),
        },
      ],
    },
    steps: 1,
  };
}

/** True where all moments are 0, so that a case need not write them. */
export function isFresh({ firstMoment, secondMoment }: TrainingState): boolean {
  return parameterArrays([...firstMoment, ...secondMoment]).every((values) =>
    values.every((value) => Object.is(value, 0)),
  );
}

function numbers({ state, batch }: CapturedStep): number {
  return stateArrays(state).reduce((sum, [, values]) => sum + values.length, batch.x.length + batch.y.length);
}
