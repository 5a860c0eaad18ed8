import { expect, it } from "vitest";
import { readFixture } from "../../../fixtures/store.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { examineStep } from "../diagnosis/examine.ts";
import { openEngine } from "../engines/open.ts";
import { OPEN, opened, smallCase } from "../engines/tfjs/testing/smallCase.ts";
import { lstm } from "../program.ts";
import { story } from "./story.ts";

const engine = await openEngine("explorer");

it("a growth is told by the weight that makes most of it, not by a tiny one of as large a state", () => {
  // Both units take 1e10 times the first unit's state; the first takes next to nothing of the second's.
  const [gates, zeros] = [
    [OPEN, OPEN, 0, 0, OPEN, OPEN, OPEN, OPEN],
    [0, 0],
  ];
  const candidates = (first: number, second: number) => [...zeros, first, second, ...zeros, ...zeros];
  const step = opened(
    smallCase({
      model: { inputs: 1, layers: [{ units: 2, activation: "relu" }], forgetBias: 0 },
      init: {
        kind: "explicit",
        step: 0,
        weights: [{ kernel: [candidates(1, 1), candidates(1e10, 1e10), candidates(1e-10, 0)], bias: gates }],
      },
      data: {
        kind: "explicit",
        batches: [
          {
            time: 6,
            lengths: [6],
            x: [[[1], [0], [0], [0], [0], [0]]],
            y: [[1, 1, 1, 1, 1, 1].map((y) => [y, y])],
          },
        ],
      },
      steps: 1,
    }),
  );
  const verdict = examineStep(engine, step);
  if (verdict.kind === "lives") throw new Error("the step lives");
  const { growth, sentences } = story(engine, step, verdict.death);
  expect(growth.through).toEqual(["/case/init/weights/0/kernel/1/2"]);
  expect(sentences).toContain("It grew through /case/init/weights/0/kernel/1/2 (10000000000).");
});

it("a gradient that grew going back is told and drawn, where all states are 0", () => {
  const stored = readFixture("fixtures/update-second-moment-overflow-relu-0f43455d6ee1.json");
  const step = lstm.stepOfCase(stored.fixture.case as TrainingCase) as CapturedStep;
  const verdict = examineStep(engine, step);
  if (verdict.kind === "lives") throw new Error("the step lives");
  const { growth, sentences, levels, axis } = story(engine, step, verdict.death);
  expect(growth).toEqual({ perTimestep: 4.1, through: [] });
  expect(sentences.slice(0, 2)).toEqual([
    "No cell grew over the timesteps.",
    expect.stringMatching(
      /^Going back, the largest gradient .* grew from \S+ at timestep 23 to \S+e19 at timestep 0, by a factor of 4\.1 a timestep\.$/,
    ),
  ]);
  expect(axis).toEqual({ what: "largest gradient, timestep", first: 0, last: 23 });
  expect(levels).toHaveLength(24);
  // Twenty timesteps of a factor of 4.1 are 12 decades.
  expect((levels[0] ?? 0) - (levels[20] ?? 0)).toBeCloseTo(20 * Math.log10(4.1), 0);
});
