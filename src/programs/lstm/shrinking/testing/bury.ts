import { type RandomStream, randomStream } from "../../../../numerics/random.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import { GATES, type Gate, gateColumn, gateColumns } from "../../cases/gates.ts";
import { layerShapes } from "../../cases/shapes.ts";
import type { LayerParameters, TrainingState } from "../../cases/state.ts";
import { onBatch } from "../edits/batch.ts";

/** Rows, units and inputs that are laid over a planted failure. */
export interface Hay {
  /** Of one timestep each, so that nothing grows in them. */
  rows: number;
  /** In every layer. */
  units: number;
  inputs: number;
}

/**
 * Buries a planted failure: more rows, units and inputs, whose numbers are drawn around 0 and small, and moments
 * where the optimizer keeps any. The other planted numbers stay where they are, first in every tensor's axes.
 */
export function bury(planted: CapturedStep, hay: Hay, seed: string): CapturedStep {
  const random = randomStream(seed, "hay");
  const { case: testCase, batch } = planted;
  const { model } = testCase;
  const layers = model.layers.map((layer) => ({ ...layer, units: layer.units + hay.units }));
  const wider = { ...model, inputs: model.inputs + hay.inputs, layers };
  const width = { old: model.layers.at(-1)?.units ?? 0, now: layers.at(-1)?.units ?? 0 };
  const rows = batch.rows + hay.rows;
  const spread = (values: Float32Array, old: number, now: number) =>
    grown(
      values,
      { rows: batch.rows * batch.time, columns: old },
      { rows: rows * batch.time, columns: now },
      random,
    );
  return onBatch(
    { case: { ...testCase, model: wider }, state: buriedState(planted, wider, hay, random), batch },
    {
      rows,
      time: batch.time,
      x: spread(batch.x, model.inputs, wider.inputs),
      y: spread(batch.y, width.old, width.now),
      lengths: Int32Array.from({ length: rows }, (_, row) => batch.lengths[row] ?? 1),
    },
  );
}

function buriedState(
  { case: testCase, state }: CapturedStep,
  wider: CapturedStep["case"]["model"],
  hay: Hay,
  random: RandomStream,
): TrainingState {
  const [before, after] = [layerShapes(testCase.model), layerShapes(wider)];
  const bury = (layers: LayerParameters[]): LayerParameters[] =>
    layers.map(({ kernel, bias }, l) => {
      const old = before[l] ?? { inputs: 0, units: 0 };
      const now = after[l] ?? { inputs: 0, units: 0 };
      const below = l === 0 ? hay.inputs : hay.units;
      return {
        kernel: gates(
          kernel,
          old.units,
          now.units,
          (row) => (row < old.inputs ? row : row + below),
          now.inputs + now.units,
          random,
        ),
        bias: gates(bias, old.units, now.units, (row) => row, 1, random),
      };
    });
  const moments = (layers: LayerParameters[]) =>
    bury(layers).map(({ kernel, bias }) => ({
      kernel: kernel.map(() => Math.abs(small(random))),
      bias: bias.map(() => Math.abs(small(random))),
    }));
  return {
    step: state.step + 7,
    weights: bury(state.weights),
    firstMoment: moments(state.firstMoment),
    secondMoment: moments(state.secondMoment),
  };
}

/** A matrix [rows, 4 units] in a wider one; each gate's old units come first. */
function gates(
  values: Float32Array,
  old: number,
  now: number,
  place: (row: number) => number,
  rows: number,
  random: RandomStream,
): Float32Array {
  const wide = Float32Array.from({ length: rows * gateColumns(now) }, () => small(random));
  const at = (row: number, gate: Gate, unit: number, units: number) =>
    row * gateColumns(units) + gateColumn(gate, unit, units);
  for (let row = 0; row < values.length / gateColumns(old); row++)
    for (const gate of GATES)
      for (let unit = 0; unit < old; unit++)
        wide[at(place(row), gate, unit, now)] = values[at(row, gate, unit, old)] ?? 0;
  return wide;
}

function grown(
  values: Float32Array,
  old: { rows: number; columns: number },
  now: { rows: number; columns: number },
  random: RandomStream,
): Float32Array {
  const wide = Float32Array.from({ length: now.rows * now.columns }, () => small(random));
  for (let row = 0; row < old.rows; row++)
    for (let column = 0; column < old.columns; column++)
      wide[row * now.columns + column] = values[row * old.columns + column] ?? 0;
  return wide;
}

function small(random: RandomStream): number {
  return 0.02 * random.uniform() - 0.01;
}
