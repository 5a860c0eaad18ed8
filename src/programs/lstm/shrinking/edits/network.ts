import type { CapturedStep } from "../../cases/capturedStep.ts";
import { GATES, gateColumn, gateColumns } from "../../cases/gates.ts";
import type { ModelSpec } from "../../cases/schema.ts";
import { type LayerShape, layerShapes, targetWidth } from "../../cases/shapes.ts";
import type { LayerParameters, TrainingState } from "../../cases/state.ts";
import { onBatch } from "./batch.ts";
import { range, submatrix } from "./matrix.ts";

/** The step without all but some units of a layer, with the weights into and out of those that go. */
export function pickUnits(step: CapturedStep, layer: number, units: readonly number[]): CapturedStep {
  const { model } = step.case;
  const layers = model.layers.map((spec, l) => (l === layer ? { ...spec, units: units.length } : spec));
  const changed = mapLayers(step.state, model, (parameters, { inputs, units: count }, l) => {
    const width = gateColumns(count);
    if (l === layer) {
      const rows = [...range(inputs), ...units.map((unit) => inputs + unit)];
      const columns = GATES.flatMap((gate) => units.map((unit) => gateColumn(gate, unit, count)));
      return {
        kernel: submatrix(parameters.kernel, width, rows, columns),
        bias: submatrix(parameters.bias, width, [0], columns),
      };
    }
    if (l !== layer + 1) return parameters;
    const rows = [...units, ...range(count).map((unit) => inputs + unit)];
    return { ...parameters, kernel: submatrix(parameters.kernel, width, rows, range(width)) };
  });
  const picked = { ...step, case: { ...step.case, model: { ...model, layers } }, state: changed };
  return layer === model.layers.length - 1 ? onTargets(picked, targetWidth(model), units) : picked;
}

/** The step without all but some of its input columns, with the weights that they meet. */
export function pickInputs(step: CapturedStep, columns: readonly number[]): CapturedStep {
  const { case: testCase, batch } = step;
  const { inputs } = testCase.model;
  const state = mapLayers(step.state, testCase.model, (parameters, shape, l) => {
    if (l > 0) return parameters;
    const rows = [...columns, ...range(shape.units).map((unit) => inputs + unit)];
    return {
      ...parameters,
      kernel: submatrix(parameters.kernel, gateColumns(shape.units), rows, range(gateColumns(shape.units))),
    };
  });
  const x = submatrix(batch.x, inputs, range(batch.rows * batch.time), columns);
  const model = { ...testCase.model, inputs: columns.length };
  return onBatch({ case: { ...testCase, model }, state, batch }, { ...batch, x });
}

/** The step without its layers from `count` up; the new top layer's targets repeat the old ones' columns. */
export function keepLowerLayers(step: CapturedStep, count: number): CapturedStep {
  const { model } = step.case;
  const layers = model.layers.slice(0, count);
  const width = layers.at(-1)?.units ?? 0;
  const columns = range(width).map((column) => column % targetWidth(model));
  return onTargets(
    {
      ...step,
      case: { ...step.case, model: { ...model, layers } },
      state: sliceLayers(step.state, 0, count),
    },
    targetWidth(model),
    columns,
  );
}

/** The step without its `count` lowest layers, on what these hand to the next one, [rows, time, units]. */
export function peelLayers(step: CapturedStep, count: number, outputs: Float32Array): CapturedStep {
  const { model } = step.case;
  const layers = model.layers.slice(count);
  const peeled = { ...model, layers, inputs: model.layers[count - 1]?.units ?? 0 };
  return onBatch(
    { ...step, case: { ...step.case, model: peeled }, state: sliceLayers(step.state, count) },
    { ...step.batch, x: outputs },
  );
}

/** Targets [rows, time, width] with some columns of the old ones. */
function onTargets(step: CapturedStep, oldWidth: number, columns: readonly number[]): CapturedStep {
  const { batch } = step;
  const y = submatrix(batch.y, oldWidth, range(batch.rows * batch.time), columns);
  return onBatch(step, { ...batch, y });
}

function sliceLayers(state: TrainingState, from: number, to?: number): TrainingState {
  return {
    ...state,
    weights: state.weights.slice(from, to),
    firstMoment: state.firstMoment.slice(from, to),
    secondMoment: state.secondMoment.slice(from, to),
  };
}

function mapLayers(
  state: TrainingState,
  model: ModelSpec,
  change: (parameters: LayerParameters, shape: LayerShape, layer: number) => LayerParameters,
): TrainingState {
  const shapes = layerShapes(model);
  const map = (layers: LayerParameters[]) =>
    layers.map((parameters, l) => change(parameters, shapes[l] ?? { inputs: 0, units: 0 }, l));
  return {
    ...state,
    weights: map(state.weights),
    firstMoment: map(state.firstMoment),
    secondMoment: map(state.secondMoment),
  };
}
