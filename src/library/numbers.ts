import { UsageError } from "../documents/errors.ts";
import { LIMITS } from "../documents/limits.ts";
import type { Batch, DataSource } from "../programs/lstm/cases/batch.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { layerShapes, targetWidth } from "../programs/lstm/cases/shapes.ts";
import type { LayerParameters, TrainingState } from "../programs/lstm/cases/state.ts";
import { hasMethods, isObject } from "./check.ts";

/** A batch whose arrays are as long as its case asks for, and whose rows end inside it. Cheap: it is done at every step. */
export function checkedBatch(batch: Batch, { model }: TrainingCase, name = "batch"): Batch {
  if (!isObject(batch)) throw wrong(`${name} is ${String(batch)}: give a batch`);
  const { rows, time, lengths } = batch;
  checkSize(rows, LIMITS.rows, `${name}.rows`);
  checkSize(time, LIMITS.timesteps, `${name}.time`);
  checkFloats(batch.x, rows * time * model.inputs, `${name}.x`);
  checkFloats(batch.y, rows * time * targetWidth(model), `${name}.y`);
  if (!(lengths instanceof Int32Array) || lengths.length !== rows)
    throw wrong(`${name}.lengths is not an Int32Array of ${rows}: give the length of each row`);
  for (let row = 0; row < rows; row++) {
    const length = lengths[row] as number;
    if (length < 0 || length > time)
      throw wrong(`${name}.lengths[${row}] is ${length}: give 0 to the ${time} timesteps of the batch`);
  }
  return batch;
}

/** Batches that are looked at as they come. */
export function checkedData(data: DataSource, testCase: TrainingCase): DataSource {
  if (!hasMethods(data, "batch")) throw wrong("data has no method batch: give what openData opens");
  return { ...data, batch: (step) => checkedBatch(data.batch(step), testCase, `data.batch(${step})`) };
}

/** A state of the shapes that a case asks for. */
export function checkedState(state: TrainingState, { model, optimizer }: TrainingCase): TrainingState {
  if (!isObject(state)) throw wrong(`state is ${String(state)}: give what initialState makes`);
  checkSize(state.step, Number.MAX_SAFE_INTEGER, "state.step", 0);
  const moments = optimizer.kind === "adam";
  checkParameters(state.weights, layerShapes(model), "state.weights");
  checkParameters(state.firstMoment, moments ? layerShapes(model) : [], "state.firstMoment");
  checkParameters(state.secondMoment, moments ? layerShapes(model) : [], "state.secondMoment");
  return state;
}

function checkParameters(
  layers: readonly LayerParameters[],
  shapes: ReturnType<typeof layerShapes>,
  name: string,
): void {
  if (!Array.isArray(layers) || layers.length !== shapes.length)
    throw wrong(`${name} is not a list of ${shapes.length}: give one entry a layer`);
  shapes.forEach(({ inputs, units }, l) => {
    checkFloats(layers[l]?.kernel, (inputs + units) * 4 * units, `${name}[${l}].kernel`);
    checkFloats(layers[l]?.bias, 4 * units, `${name}[${l}].bias`);
  });
}

function checkFloats(values: unknown, length: number, name: string): void {
  if (!(values instanceof Float32Array)) throw wrong(`${name} is not a Float32Array: give one of ${length}`);
  if (values.length !== length)
    throw wrong(`${name} holds ${values.length} numbers: the case asks for ${length}`);
}

/** A whole number within bounds. */
export function checkSize(value: unknown, most: number, name: string, least = 1): void {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
    throw wrong(`${name} is ${String(value)}: give a whole number, ${least} to ${most}`);
}

function wrong(message: string): UsageError {
  return new UsageError("NANPROOF_E_ARGUMENT", message, "give what its type says, of the sizes of the case");
}
