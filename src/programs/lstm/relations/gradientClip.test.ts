import { describe, expect, it } from "vitest";
import { gauge, type StepRecord } from "../../stepRecord.ts";
import { openData } from "../cases/data.ts";
import { DOMAINS } from "../cases/domains.ts";
import { presets } from "../cases/presets.ts";
import { initialState } from "../cases/state.ts";
import { openEngine } from "../engines/open.ts";
import { drawCase } from "../generation/drawCase.ts";
import { trainingCase } from "../generation/trainingCase.ts";
import { enginesAgree } from "./enginesAgree.ts";
import { sharedStep, takeStep } from "./sharedStep.ts";

const rawNorm = (record: StepRecord) => gauge(record, "rawGradientNorm");
const explorer = await openEngine("explorer");
const tfjs = await openEngine("tfjs-cpu");
const base = { ...presets.hardened, model: { ...presets.hardened.model, gradientClip: 1e-4 } };
const cases = trainingCase({ ...DOMAINS.wide, time: { min: 4, max: 10 }, rows: { min: 2, max: 4 } }, base);

describe("a gradient clip that acts", () => {
  it.each([0, 1, 2, 3, 4, 5])("is the same on both engines: case %i", (index) => {
    const step = sharedStep(explorer, drawCase(cases, "1", `clip/${index}`), 3);
    expect(enginesAgree(tfjs).check(explorer, step)).toEqual({ status: "holds" });
    const { gradientClip: _, ...unclipped } = step.testCase.model;
    const without = takeStep(explorer, { ...step, testCase: { ...step.testCase, model: unclipped } });
    expect(rawNorm(takeStep(explorer, step).record)).toBeLessThan(rawNorm(without.record));
  });
});

it("keeps the gradient of the widest growth that the wide domain was seen to make below 1e18", () => {
  const found = drawCase(trainingCase(DOMAINS.wide, presets.hardened), "sweep", "sweep/5084");
  const { gradientClip: _, ...model } = found.model;
  const largest = (testCase: typeof found) => {
    let most = 0;
    const data = openData(testCase, { folder: "." });
    const training = explorer.start(testCase, initialState(testCase));
    for (let taken = 0; taken < testCase.steps; taken++)
      most = Math.max(most, rawNorm(training.step(data.batch(taken))));
    training.dispose();
    return most;
  };
  expect(largest({ ...found, model })).toBeGreaterThan(1e18);
  expect(largest(found)).toBeLessThan(1e13);
});
