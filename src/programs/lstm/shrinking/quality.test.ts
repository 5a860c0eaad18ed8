import { describe, expect, it } from "vitest";
import type { Finding } from "../../../findings/finding.ts";
import { findingStages } from "../../../findings/pipeline.ts";
import type { LstmFixture } from "../../../library/lstmFixture.ts";
import { Search } from "../../../shrink/search.ts";
import { shrinkStep } from "../../../shrink/shrinkStep.ts";
import type { DyingStep } from "../../pass.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { encodeMatrix, encodeVector } from "../cases/state.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { examineStep } from "../diagnosis/examine.ts";
import { openEngine } from "../engines/open.ts";
import { planted } from "../engines/tfjs/testing/planted.ts";
import { growing, withLayers } from "../engines/tfjs/testing/plantedCases.ts";
import { OPEN, oneUnit, opened, steepCase } from "../engines/tfjs/testing/smallCase.ts";
import { nonZeroPlaces } from "./edits/numbers.ts";
import { PASSES } from "./passes/index.ts";
import { bury } from "./testing/bury.ts";
import { type Minimum, minima } from "./testing/minima.ts";

type Dying = DyingStep<CapturedStep, Diagnosis>;

const engine = await openEngine("explorer");

const quiet = [[0], [0], [0], [0], [0], [0]];
/** The growing unit; ended after four timesteps beside a row that goes on. */
const ended = oneUnit({
  activation: "relu",
  kernel: [
    [0, 1, 0, 0],
    [0, 1e10, 0, 0],
  ],
  bias: [OPEN, 0, OPEN, OPEN],
  x: [[[1], [0], [0], [0], [0], [0]], quiet],
  lengths: [4, 6],
});
/** Unit 0 takes the input in and feeds unit 1, which feeds unit 0. */
const pair = withLayers(
  [{ units: 2, activation: "relu" }],
  [
    {
      kernel: [
        [0, 0, 1, 0, 0, 0, 0, 0],
        [0, 0, 0, 1e10, 0, 0, 0, 0],
        [0, 0, 1e10, 0, 0, 0, 0, 0],
      ],
      bias: [OPEN, OPEN, 0, 0, OPEN, OPEN, OPEN, OPEN],
    },
  ],
  6,
);
const failures: { name: string; testCase: TrainingCase }[] = [
  ...planted.map(([name, testCase]) => ({ name, testCase })),
  { name: "the step of a row that has ended", testCase: ended },
  { name: "two units that feed each other", testCase: pair },
];

function dying(step: CapturedStep): Dying {
  const verdict = examineStep(engine, step);
  if (verdict.kind === "lives") throw new Error("the planted step lives");
  return { step, death: verdict.death };
}

async function shrunk(from: Dying): Promise<Dying> {
  const to = await shrinkStep(engine, from);
  if (to === null) throw new Error("the planted step lives");
  expect(to.minimal).toBe(true);
  return to;
}

function shown({ step: { case: testCase, state, batch } }: Dying): Minimum {
  const { layers } = testCase.model;
  return {
    layers: layers.map(({ units, activation }) => `${units} ${activation}`),
    kernels: state.weights.map(({ kernel }, l) => encodeMatrix(kernel, 4 * (layers[l]?.units ?? 0))),
    biases: state.weights.map(({ bias }) => encodeVector(bias)),
    x: encodeVector(batch.x),
    y: encodeVector(batch.y),
    lengths: [...batch.lengths],
  };
}

describe("a planted failure shrinks to its smallest step", () => {
  it("for each that there is", () => {
    expect(failures.map(({ name }) => name).sort()).toEqual(Object.keys(minima).sort());
  });

  it("for every mechanism", () => {
    const mechanisms = failures.map(({ testCase }) => dying(opened(testCase)).death.mechanism);
    expect(new Set(mechanisms).size).toBe(15);
  });

  it.each(failures)("$name", async ({ name, testCase }) => {
    const from = dying(opened(testCase));
    const to = await shrunk(from);
    expect(to.death.signature).toBe(from.death.signature);
    expect(shown(to)).toEqual(minima[name]?.minimum);
    expect(
      [...to.step.state.firstMoment, ...to.step.state.secondMoment].every(({ kernel }) =>
        kernel.every((v) => v === 0),
      ),
    ).toBe(true);
  });

  const buried = failures.filter(({ name }) => minima[name]?.hays.length);

  it("buried, for all but two", () => expect(buried.length).toBe(failures.length - 2));

  it.each(buried)("$name, buried", async ({ name, testCase }) => {
    const alone = dying(opened(testCase));
    const { minimum, hays = [] } = minima[name] ?? {};
    for (const [i, hay] of hays.entries()) {
      const from = dying(bury(opened(testCase), hay, String(i + 1)));
      expect(from.death.signature).toBe(alone.death.signature);
      expect(nonZeroPlaces(from.step).length).toBeGreaterThan(nonZeroPlaces(alone.step).length);
      expect(shown(await shrunk(from))).toEqual(minimum);
    }
  });

  it.each(failures)("$name, and there no candidate of any pass is accepted", async ({ testCase }) => {
    const search = await Search.from(engine, await shrunk(dying(opened(testCase))), { margin: true });
    if (search === null) throw new Error("the shrunk step lives");
    search.endSlack();
    for (const pass of PASSES) {
      const stream = pass.candidates(search.current, engine);
      for (let next = stream.next(); !next.done; next = stream.next(null))
        expect(await search.accepts(next.value), pass.name).toBeNull();
    }
  });
});

describe("failures planted together", () => {
  const provenance = { nanproof: "0.1.0", preset: "published", data: "planted", seed: "1", step: 1 };

  /** Shrinks a step that holds several failures; the signature and smallest step of each that came out. */
  async function separated(testCase: TrainingCase) {
    const { step, death } = dying(opened(testCase));
    const all: Finding[] = [];
    const order = { host: engine, captured: step, death, provenance, others: async () => [] };
    for await (const stage of findingStages({ ...order, shrinking: { kind: "passes" } }))
      if (stage.kind === "done") all.push(stage.finding);
    return new Map(all.map(({ fixture }) => [fixture.expected.signature, fixture as LstmFixture]));
  }

  const grown = growing(6);
  const { data } = grown;
  const [batch] = data.kind === "explicit" ? data.batches : [];
  const withBatch = (differs: object): TrainingCase => ({
    ...grown,
    data: { kind: "explicit", batches: [{ ...batch, ...differs }] } as TrainingCase["data"],
  });

  it.each([
    [
      "in two rows",
      withBatch({
        lengths: [6, 1],
        x: [[[1], [0], [0], [0], [0], [0]], quiet],
        y: [quiet, [["Infinity"], [0], [0], [0], [0], [0]]],
      }),
      ["forward/recurrence-overflow/relu", "normalise/non-finite-target/relu"],
    ],
    [
      "in one row",
      withBatch({ y: [[[0], ["NaN"], [0], [0], [0], [0]]] }),
      ["forward/recurrence-overflow/relu", "normalise/non-finite-target/relu"],
    ],
    [
      "in three rows",
      withBatch({
        lengths: [6, 1, 1],
        x: [[[1], [0], [0], [0], [0], [0]], [["NaN"], [0], [0], [0], [0], [0]], quiet],
        y: [quiet, quiet, [["Infinity"], [0], [0], [0], [0], [0]]],
      }),
      [
        "forward/non-finite-input/relu",
        "forward/recurrence-overflow/relu",
        "normalise/non-finite-target/relu",
      ],
    ],
    [
      "in forward and update",
      steepCase({
        data: {
          kind: "explicit",
          batches: [{ time: 1, lengths: [1, 1], x: [[[1]], [["NaN"]]], y: [[[1, 3]], [[1, 3]]] }],
        },
      }),
      ["forward/non-finite-input/linear", "update/second-moment-overflow/linear"],
    ],
  ] satisfies [string, TrainingCase, string[]][])(
    "%s come out as fixtures of their own",
    async (_, testCase, expected) => {
      const found = await separated(testCase);
      expect([...found.keys()].sort()).toEqual(expected);
      for (const {
        case: { init },
      } of found.values())
        expect(init.kind).toBe("explicit");
    },
  );

  it("leave each its own smallest step", async () => {
    const found = await separated(withBatch({ y: [[[0], ["NaN"], [0], [0], [0], [0]]] }));
    const target = found.get("normalise/non-finite-target/relu");
    expect(target?.size).toMatchObject({ rows: 1, time: 1, units: 1, nonZero: 1 });
    const growth = found.get("forward/recurrence-overflow/relu");
    expect(growth?.size).toMatchObject({ rows: 1, time: 6, units: 1, nonZero: 3 });
    expect(JSON.stringify(growth?.case.data)).not.toContain("NaN");
  });
});
