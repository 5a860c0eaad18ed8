import { gateColumns } from "../../src/programs/lstm/cases/gates.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";

/** One row of vectors, of one unit each: as many timesteps as there are numbers. */
export type Sequence = readonly (readonly number[])[];

/**
 * A preset on one row that is written out, with one tanh layer that starts from zero weights, so that its output is 0.
 * @param y Targets, as wide as the layer.
 */
export function tinyCase(base: TrainingCase, x: Sequence, y: Sequence): TrainingCase {
  const units = y[0]?.length ?? 1;
  const inputs = x[0]?.length ?? 1;
  const zeros = (count: number) => Array.from({ length: count }, () => 0);
  return {
    ...base,
    model: { ...base.model, inputs, layers: [{ units, activation: "tanh" }] },
    init: {
      kind: "explicit",
      step: 0,
      weights: [
        {
          kernel: zeros(inputs + units).map(() => zeros(gateColumns(units))),
          bias: zeros(gateColumns(units)),
        },
      ],
    },
    data: {
      kind: "explicit",
      batches: [
        { time: x.length, lengths: [x.length], x: [x.map((v) => [...v])], y: [y.map((v) => [...v])] },
      ],
    },
    steps: 20,
  };
}
