import { describe, expect, it } from "vitest";
import { readFixture } from "../../../fixtures/store.ts";
import { shrinkStep } from "../../../shrink/shrinkStep.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { examineStep } from "../diagnosis/examine.ts";
import { openEngine } from "../engines/open.ts";
import { planted } from "../engines/tfjs/testing/planted.ts";
import { opened, steepCase } from "../engines/tfjs/testing/smallCase.ts";
import { lstm } from "../program.ts";
import { readRecording, recordedCase } from "../recordings/recording.ts";
import { stepGrowthIn, stepSentence } from "./sentence.ts";

const engine = await openEngine("explorer");

function sentenceOf(step: CapturedStep): string {
  const verdict = examineStep(engine, step);
  if (verdict.kind === "lives") throw new Error("the step lives");
  return stepSentence(step, verdict.death, stepGrowthIn(engine, step, verdict.death));
}

async function shrunkSentence(step: CapturedStep): Promise<string> {
  const verdict = examineStep(engine, step);
  const shrunk = verdict.kind === "dies" && (await shrinkStep(engine, { step, death: verdict.death }));
  if (!shrunk) throw new Error("the step lives");
  return sentenceOf(shrunk.step);
}

const expected: Readonly<Record<string, string>> = {
  "recurrence, in a pre-activation":
    "one relu unit, one input of 1, recurrent weight 3e8: the cell grows 7.5e7x a timestep and overflows at timestep 5",
  "recurrence within two timesteps":
    "one relu unit, one input of 1, weights up to 2e29: the cell grows and overflows at timestep 1",
  "an input product":
    "one relu unit, one input of 2, weights up to 2e38: a product with the kernel of layer 0 overflows at timestep 0, with no growth before it",
  "the sum of squares, and a product with it":
    "one linear unit, no input, weights up to 3e38: the sum of an output's squares overflows in the loss at timestep 0",
  "a gradient":
    "one linear unit below one linear unit, one input of 8e12, weights up to 7e20: the forward pass is finite, a gradient of layer 0 overflows",
  "the norm that is clipped by":
    "one linear unit below one linear unit, no input, weights up to 3e14: every gradient is finite, their global norm overflows, and clipping by it makes NaN",
  "Adam's second moment, tf1":
    "one linear unit below one linear unit, no input, weights up to 3e14: a finite gradient's square overflows in Adam's second moment of layer 0, which makes a NaN of its weight one step later",
  "Adam's second moment, tfjs":
    "one linear unit below one linear unit, no input, weights up to 3e14: a finite gradient's square overflows in Adam's second moment of layer 0, which freezes its weight for good",
  "an update":
    "one linear unit below one linear unit, no input, weights up to 6e13: the update overflows a weight or moment of layer 0",
  "division by the norm of a zero output, naive":
    "one relu unit, no input, every weight 0: the loss divides by the norm of a zero vector at timestep 0",
  "the gradient of the norm of a zero output, epsilon":
    "one relu unit, no input, every weight 0: the gradient of the loss divides by the norm of a zero vector at timestep 0",
  "the regulariser":
    "one tanh unit, no input, weights up to 3e19: the sum of squared weights overflows in the regulariser",
  "an update of 0 / 0":
    "one tanh unit, no input, every weight 0: a weight of layer 0 has had no gradient yet, and with an epsilon of 0 its update is 0 / 0",
  "an input past its row's end, beside a longer row":
    "one tanh unit, one input of NaN, every weight 0: an input past the end of its row is NaN at timestep 0",
  "a target past its row's end":
    "one tanh unit, no input, every weight 0: a target past the end of its row is Infinity at timestep 0",
  "an input": "one tanh unit, one input of NaN, every weight 0: an input is NaN at timestep 0",
  "a target": "one tanh unit, no input, every weight 0: a target is Infinity at timestep 0",
  "a weight": "one tanh unit, no input: a weight of layer 0 is NaN before the step",
};

describe("the sentence of a case", () => {
  it.each(Object.entries(expected))("of %s says what is left of it", async (name, sentence) => {
    const testCase = planted.find(([other]) => other === name)?.[1];
    if (testCase === undefined) throw new Error(`no such failure: ${name}`);
    expect(await shrunkSentence(opened(testCase))).toBe(sentence);
  });

  it("of a second moment that overflows says whether backpropagation grew over the timesteps first", () => {
    const stored = readFixture("fixtures/update-second-moment-overflow-relu-0f43455d6ee1.json");
    expect(sentenceOf(lstm.stepOfCase(stored.fixture.case as TrainingCase))).toMatch(
      /: the gradient grows 4.1x a timestep going back, and a finite gradient's square overflows/,
    );
    const steps = { x: [[[1], [1]]], y: [[1, 3]].flatMap((y) => [[y, y]]) };
    const twice = steepCase({ data: { kind: "explicit", batches: [{ time: 2, lengths: [2], ...steps }] } });
    expect(sentenceOf(opened(twice))).toMatch(
      /: with no growth over timesteps before it, a finite gradient's square overflows/,
    );
  });

  it("of a discarded step names both rows", () => {
    const recording = readRecording("fixtures/recordings/finished-row-beside-a-longer-one.json");
    expect(sentenceOf(opened(recordedCase(recording)))).toMatch(
      /^\w+ relu units.*, two rows of \d+ and \d+ timesteps, .*recurrent weight .*: the cell grows .*x a timestep until its row of \d+ timesteps ends; computed on at timestep \d+ beside the longer row and thrown away, it overflows$/,
    );
  });

  it("of a death that it has no words for tells the operation and the name", () => {
    const step = opened(steepCase());
    const verdict = examineStep(engine, step);
    if (verdict.kind === "lives") throw new Error("the step lives");
    const death = { ...verdict.death, mechanism: "loss-in-range", operation: "a loss of 3" };
    expect(stepSentence(step, death)).toMatch(/: a loss of 3 \(loss-in-range\)$/);
  });
});
