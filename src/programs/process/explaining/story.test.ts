import { describe, expect, it } from "vitest";
import { HandMade } from "../../diagnosis/testing/handMade.ts";
import type { Trace } from "../../trace/trace.ts";
import type { Hosting } from "../hosting.ts";
import type { FixedHost } from "../remedies/trial.ts";
import type { ProgramStep } from "../step.ts";
import { story } from "./story.ts";

const STEP: ProgramStep = {
  case: { schemaVersion: 1, knobs: {}, seed: 1, steps: 3, cutOutAt: 2 },
  state: { tensors: new Map(), metadata: {} },
  batch: { tensors: new Map(), metadata: {} },
};
const DEATH = {
  signature: "forward/recurrence-overflow/aten.mul",
  mechanism: "recurrence-overflow",
  site: null,
  because: "It overflowed.",
};
const GOING_ON = { aborted: false };

/** The story of a step that its host traces so; null where it cannot be traced. */
function storyOf(trace: Trace | null, signal = GOING_ON) {
  const hosting = { tracedStep: async () => trace } as unknown as Hosting;
  const host: FixedHost = { hosting };
  return story(host, STEP, DEATH, signal);
}

interface Place {
  file?: string | null;
  line?: number | null;
  layer?: string | null;
}

/** A state that grows by 1e9 from each execution of a line to the next, and overflows in the fifth. */
function grown(place: Place, timestepOf: (execution: number) => number | null): Trace {
  const t = new HandMade();
  const kernel = t.given("weight/kernel", [1e9]);
  let state = t.given("batch/0", [1]);
  for (const [execution, made] of [1, 1e9, 1e18, 1e27, Number.POSITIVE_INFINITY].entries())
    state = t.run("aten.mul", [state, kernel], [made], {
      execution,
      of: 5,
      timestep: timestepOf(execution),
      ...place,
    });
  return t.trace({ loss: state });
}

describe("the story of a state that grew", () => {
  it("counts timesteps where the executions are timesteps", async () => {
    const { sentences, growth, axis } = await storyOf(grown({}, (execution) => execution + 2));
    expect(sentences[0]).toContain("grew from 1.0e0 at timestep 2 to 1.0e27 at timestep 5");
    expect(sentences[0]).toContain("by a factor of 1000000000 a timestep at the end");
    expect(sentences[0]).toContain("overflowed at timestep 6");
    expect(sentences[1]).toContain("weight/kernel");
    expect(growth.perTimestep).toBe(1e9);
    expect(axis).toEqual({ what: "timestep", first: 2, last: 5 });
  });

  it("counts executions where they are none", async () => {
    const { sentences, growth, axis } = await storyOf(grown({}, () => null));
    expect(sentences[0]).toContain("grew from 1.0e0 at execution 1 to 1.0e27 at execution 4");
    expect(sentences[0]).toContain("overflowed in the next one");
    expect(growth.perTimestep).toBeNull();
    expect(axis).toEqual({ what: "execution", first: 1, last: 4 });
  });

  it("has the logarithm of each magnitude, to be drawn", async () => {
    const { levels } = await storyOf(grown({}, () => null));
    expect(levels.map((level) => Number(level.toFixed(6)))).toEqual([0, 9, 18, 27]);
  });

  it.each([
    ["file and line", { file: "/home/person/train.py", line: 7 }, "aten.mul at train.py:7"],
    ["a file on Windows", { file: "C:\\person\\train.py", line: 7 }, "aten.mul at train.py:7"],
    ["a layer", { layer: "rnn", line: 7 }, "aten.mul of layer rnn at train.py:7"],
    ["no file", { file: null, line: 7 }, "aten.mul"],
    ["no line", { line: null }, "aten.mul"],
  ])("names its place, where that is known: %s", async (_, place, named) => {
    const { sentences } = await storyOf(grown(place, () => null));
    expect(sentences[0]).toContain(`The largest magnitude that ${named} makes grew`);
  });
});

describe("a story without a growth", () => {
  it("says so, and tells the cause of the death", async () => {
    const t = new HandMade();
    const loss = t.run("aten.exp", [t.given("weight/w", [100])], [Number.POSITIVE_INFINITY]);
    const { sentences, growth, levels } = await storyOf(t.trace({ loss }));
    expect(sentences).toEqual([
      "No value grew from timestep to timestep up to its overflow.",
      "It overflowed.",
    ]);
    expect(growth).toEqual({ perTimestep: null, through: [] });
    expect(levels).toEqual([]);
  });

  it.each([
    ["the step cannot be traced", null, GOING_ON],
    ["it was called off before the step was traced", grown({}, () => null), { aborted: true }],
  ])("says that its growth is not known where %s", async (_, trace, signal) => {
    const { sentences } = await storyOf(trace, signal);
    expect(sentences[0]).toMatch(/^The step could not be gone over op by op/);
    expect(sentences[1]).toBe("It overflowed.");
  });
});
