import { expect, it } from "vitest";
import { openEngine } from "../engines/open.ts";
import { compareRecording } from "./compare.ts";
import { type Recording, readRecording } from "./recording.ts";

const engine = await openEngine("explorer");
const recording = readRecording("fixtures/recordings/one-layer-tanh.json");

/** The recording with other contents of its third step. */
function withThird(differs: Partial<Recording["steps"][number]>): Recording {
  return {
    ...recording,
    steps: recording.steps.map((step, i) => (i === 2 ? { ...step, ...differs } : step)),
  };
}

it("an engine that does as the recording does agrees with it to its end", () => {
  const { agree, steps, firstDisagreement, fatalLoss } = compareRecording(recording, engine);
  expect({ agree, steps, firstDisagreement, fatalLoss }).toEqual({
    agree: true,
    steps: 20,
    firstDisagreement: null,
    fatalLoss: null,
  });
});

it("an engine that lives where the recording dies disagrees in that step, counted from 1", () => {
  expect(compareRecording(withThird({ weightsFinite: false }), engine)).toMatchObject({
    agree: false,
    steps: 3,
    firstDisagreement: { step: 3, quantity: "weights", expected: "not finite", actual: "finite" },
  });
});

it("the first number that differs is told, with the step that it is of", () => {
  expect(compareRecording(withThird({ loss: 2 }), engine)).toMatchObject({
    agree: false,
    steps: 20,
    firstDisagreement: { step: 3, quantity: "loss", expected: 2 },
  });
});
