import { describe, expect, it } from "vitest";
import { runToDeath } from "../../../../findings/runToDeath.ts";
import { shrinkStep } from "../../../../shrink/shrinkStep.ts";
import { presets } from "../../cases/presets.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import { dataOf, row } from "../../cases/testing/syntheticRows.ts";
import { openEngine } from "../../engines/open.ts";
import { stepSize } from "../edits/numbers.ts";
import { quiet } from "./quiet.ts";

const engine = await openEngine("explorer");
const full = (time: number) => ({ time, rows: Array.from({ length: 4 }, () => row(time)) });

/** Runs that die of gradients that grow over the timesteps, with states that do not. */
const deaths: [string, TrainingCase][] = [
  [
    "saturated tanh units at the first step",
    {
      ...presets.published,
      model: { inputs: 4, layers: [{ units: 23, activation: "tanh" }], forgetBias: 1 },
      init: { kind: "glorot", seed: "1607627169", scale: 85 },
      data: dataOf([full(60), full(60)], { seed: "1607627169", inputScale: 0.24 }),
      steps: 1,
    },
  ],
  [
    "relu units after 23 steps of training, their gates' gradients above all",
    {
      ...presets.published,
      model: { inputs: 20, layers: [{ units: 20, activation: "relu" }], forgetBias: 1 },
      init: { kind: "glorot", seed: "2120280365", scale: 4 },
      data: dataOf([full(93), full(93)], { seed: "2120280365", inputScale: 14 }),
      optimizer: { ...presets.published.optimizer, learningRate: 0.013 },
      steps: 50,
    },
  ],
];

describe("a second moment that overflows", () => {
  it.each(deaths)("of %s shrinks to one unit and a few numbers", async (_, testCase) => {
    const { dead } = await runToDeath(engine, testCase, { folder: "." });
    if (dead === null) throw new Error("the run lives");
    expect(dead.fatal.death.mechanism).toBe("second-moment-overflow");
    const shrunk = await shrinkStep(engine, dead.fatal);
    if (shrunk === null) throw new Error("the step lives");
    expect(shrunk.death.signature).toBe(dead.fatal.death.signature);
    expect(shrunk.minimal).toBe(true);
    const { rows, units, nonZero } = stepSize(shrunk.step);
    expect({ rows, units }).toEqual({ rows: 1, units: 1 });
    // A recurrent weight and a target; of a relu the bias that keeps it from 0 too.
    expect(nonZero).toBeLessThanOrEqual(3);
  });

  it("is tried with no fewer timesteps once a number of them does", async () => {
    const [[, testCase] = []] = deaths;
    const { dead } = await runToDeath(engine, testCase as TrainingCase, { folder: "." });
    if (dead === null) throw new Error("the run lives");
    const stream = quiet.candidates(dead.fatal, engine);
    const first = stream.next(null);
    if (first.done) throw new Error("nothing is tried");
    expect(stream.next({ ...dead.fatal, step: first.value }).done, "the only layer").toBe(true);
  });
});
