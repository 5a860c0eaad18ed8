import { describe, expect, it } from "vitest";
import { runFinding } from "../../findings/runFinding.ts";
import { judgeFix, measureFixes } from "../../fixtures/judge.ts";
import { replayFixture } from "../../fixtures/replay.ts";
import { fixtureSchema } from "../../fixtures/schema.ts";
import type { CapturedStep } from "../../programs/lstm/cases/capturedStep.ts";
import { compareCases, orderedCase } from "../../programs/lstm/cases/order.ts";
import { presets } from "../../programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../programs/lstm/cases/schema.ts";
import { trainingCaseSchema } from "../../programs/lstm/cases/trainingCase.ts";
import type { Diagnosis } from "../../programs/lstm/diagnosis/diagnosis.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { smallCase, synthetic } from "../../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { type Fix, fixNamed } from "../../programs/lstm/fixes/fixes.ts";
import { CUTS, rounder, smaller } from "../../programs/lstm/shrinking/cuts.ts";
import { RunAttempts } from "./attempt.ts";
import { type ShrinkRunOptions, shrinkRun } from "./shrinkRun.ts";
import type { Trail } from "./trail.ts";

const engine = await openEngine("explorer");
const search = (testCase: TrainingCase, options?: ShrinkRunOptions<TrainingCase>) =>
  shrinkRun(new RunAttempts(engine, "."), testCase, options);

/** Regularised so hard that every weight doubles with the other sign at each step: any network dies of it. */
const diverging = smallCase({
  data: { ...synthetic([4, 2, 3], 4), inputScale: 0.37 },
  loss: { ...presets.published.loss, l2: 3 },
  optimizer: { kind: "sgd", learningRate: 1.03, clip: { kind: "none" }, skipNonFinite: false },
  steps: 1000,
});

const written: TrainingCase["data"] = {
  kind: "explicit",
  batches: [
    {
      time: 2,
      lengths: [2],
      x: [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      y: [
        [
          [0.5, 1, 2],
          [1, 0, 1],
        ],
      ],
    },
  ],
};

describe("the smallest run", () => {
  it("of a death that asks for nothing of the network is one unit, row, timestep and input, with round numbers", async () => {
    const shrunk = await search(diverging);
    expect(shrunk?.minimal).toBe(true);
    expect(shrunk?.run.case).toMatchObject({
      model: { inputs: 1, layers: [{ units: 1 }] },
      data: { inputScale: 0.4, batches: [{ time: 1, rows: [{ length: 1 }] }] },
      // 1 is rounder still, but takes more steps, which count first.
      optimizer: { learningRate: 1.1 },
    });
  });

  it("dies the same way at its last step, and is simpler", async () => {
    const shrunk = await search(diverging, { budget: { candidates: 40 } });
    const again = shrunk && (await new RunAttempts(engine, ".").run(shrunk.run.case));
    expect(again?.case.steps).toBe(shrunk?.run.case.steps);
    expect(again?.fatal.death.mechanism).toBe("regulariser-overflow");
    expect(compareCases(orderedCase(again?.case as TrainingCase), orderedCase(diverging))).toBeLessThan(0);
  });

  it("is the same again under a budget of candidates, which says that it is not minimal", async () => {
    const seen: string[] = [];
    const onProgress: ShrinkRunOptions<TrainingCase>["onProgress"] = ({ cut }) => seen.push(cut);
    const first = await search(diverging, { budget: { candidates: 30 }, onProgress });
    const second = await search(diverging, { budget: { candidates: 30 } });
    expect(second).toEqual(first);
    expect(first).toMatchObject({ minimal: false, candidates: 30 });
    expect(seen).toHaveLength(30);
  });

  it("is what there was, where no time is left", async () => {
    const shrunk = await search(diverging, { budget: { ms: 0 } });
    expect(shrunk).toMatchObject({ minimal: false, candidates: 0 });
    expect(shrunk?.run.case).toEqual({ ...diverging, steps: shrunk?.run.case.steps });
  });

  it("of data that is written out has fewer units too, with the targets that they ask for", async () => {
    const shrunk = await search({ ...diverging, data: written });
    expect(shrunk?.run.case).toMatchObject({
      model: { inputs: 2, layers: [{ units: 1 }] },
      data: { batches: [{ y: [[[0.5], [1]]] }] },
    });
  });

  it("of weights that are written out keeps their shapes", async () => {
    const { kernel, bias } = { kernel: [0, 1, 2].map(() => Array(4).fill(0.1)), bias: Array(4).fill(0) };
    const shrunk = await search({
      ...diverging,
      model: { ...diverging.model, layers: [{ units: 1, activation: "relu" }] },
      init: { kind: "explicit", step: 0, weights: [{ kernel, bias }] },
    });
    expect(shrunk?.run.case).toMatchObject({ model: { inputs: 2, layers: [{ units: 1 }] } });
  });

  it("of a text that a cut leaves nothing of is found nevertheless", async () => {
    const { data } = presets.published;
    const text = { ...data, sentences: 40, maxLength: 8, batch: 4, validation: 0 };
    const start = { ...diverging, model: { ...diverging.model, inputs: 3 }, data: text };
    const shrunk = await search(start, { budget: { candidates: 60 } });
    expect(shrunk?.candidates).toBe(60);
  });

  it("is none of a run that lives", async () => {
    expect(await search(smallCase())).toBeNull();
  });
});

/** Runs that are counted; `before` is called with the number of each. */
class CountedAttempts extends RunAttempts<TrainingCase, CapturedStep, Diagnosis> {
  started = 0;
  constructor(readonly before: (started: number) => void = () => undefined) {
    super(engine, ".");
  }
  override run(testCase: TrainingCase, signal?: AbortSignal) {
    this.started += 1;
    this.before(this.started);
    return super.run(testCase, signal);
  }
}

describe("a search that was stopped", async () => {
  const trails: Trail<TrainingCase>[] = [];
  const whole = await search(diverging, { onProgress: ({ trail }) => trails.push(trail) });
  const runs = trails.length;
  const trailAfter = (candidates: number) => trails[candidates - 1] as Trail<TrainingCase>;

  const lastAccepted = trailAfter(runs).accepted.at(-1)?.candidate ?? 0;

  it("is one that accepts now and then", () => {
    expect(whole?.candidates).toBe(runs);
    expect(runs).toBeGreaterThan(50);
    expect(trailAfter(runs).accepted.length).toBeGreaterThan(5);
  });

  it.each([1, 2, 10, 25, 50, runs - 1, runs])(
    "after %i runs is gone on with to the same end, without those runs",
    async (stop) => {
      const resume = trailAfter(stop);
      const attempts = new CountedAttempts();
      expect(await shrinkRun(attempts, diverging, { resume })).toEqual(whole);
      // The start, for what it dies of; the best, for its fatal step; and what was still to be tried.
      const best = resume.accepted.length > 0 ? 1 : 0;
      expect(attempts.started).toBe(1 + best + runs - stop);
    },
  );

  it("under a smaller budget than it had gives what that budget gives", async () => {
    const budget = { candidates: 30 };
    expect(await search(diverging, { budget, resume: trailAfter(50) })).toEqual(
      await search(diverging, { budget }),
    );
  });

  it("in the midst of a run takes nothing from that run", async () => {
    // One that would be accepted.
    const [, { candidate } = { candidate: 0 }] = trailAfter(runs).accepted;
    const stopped = new AbortController();
    const attempts = new CountedAttempts((started) => started === 1 + candidate && stopped.abort());
    const known: Trail<TrainingCase>[] = [];
    await shrinkRun(attempts, diverging, {
      signal: stopped.signal,
      onProgress: ({ trail }) => known.push(trail),
    });
    expect(known).toEqual(trails.slice(0, candidate - 1));
    expect(await search(diverging, { resume: trailAfter(candidate - 1) })).toEqual(whole);
  });

  it.each<[string, (trail: Trail<TrainingCase>) => Trail<TrainingCase>]>([
    ["one less was accepted", (trail) => ({ ...trail, accepted: trail.accepted.slice(0, -1) })],
    [
      "the best died later",
      ({ accepted, best, ...trail }) => ({
        ...trail,
        accepted: accepted.with(-1, {
          ...(accepted.at(-1) as (typeof accepted)[number]),
          steps: best.steps + 1,
        }),
        best: { ...best, steps: best.steps + 1 },
      }),
    ],
  ])("but in another way is begun again: %s", async (_, change) => {
    expect(await search(diverging, { resume: change(trailAfter(lastAccepted)) })).toEqual(whole);
  });
});

describe("a run fixture", () => {
  it("reproduces, says what the run is, and how the fixes do", async () => {
    const shrunk = await search(diverging, { budget: { candidates: 100 } });
    if (shrunk === null) throw new Error("the run lives");
    const died = await new RunAttempts(engine, ".").run(diverging);
    const step = died?.case.steps ?? 0;
    const provenance = { nanproof: "0.1.0", preset: "published", data: "test", seed: "1", step };
    const others = [await openEngine("tfjs-cpu")];
    const { fixture, confirmedOn } = await runFinding(
      engine,
      shrunk,
      { provenance, run: diverging, folder: "." },
      { others },
    );
    expect(fixtureSchema.parse(fixture)).toEqual(fixture);
    expect(fixture).toMatchObject({ grade: "run", expected: { reproducesOn: ["explorer", "tfjs-cpu"] } });
    expect(confirmedOn).toEqual(["explorer", "tfjs-cpu"]);
    expect(fixture.sentence).toMatch(
      /^trained from its start at learning rate [\d.]+, L2 3, dead at step \d+: /,
    );
    expect(fixture.fixes).toMatchObject({
      holds: expect.arrayContaining(["l2", "learning-rate-tenth"]),
      siblings: { l2: { lived: 2, of: 2 } },
    });
    for (const each of [engine, ...others])
      expect((await replayFixture({ path: "run.json", fixture }, each)).reproduced).toBe(true);
  });
});

describe("what a fix that acts through training does", () => {
  it("is told of the run that died, and not of the smaller one; and the smaller one says what it is no more", async () => {
    // At a rate so high that it dies at once: what is left of the run when it drifts to a death of another kind.
    const drifted = { ...diverging, optimizer: { ...diverging.optimizer, learningRate: 1e20 } };
    const smaller = await new RunAttempts(engine, ".").run(
      engine.program.runShrinking.withSeed(drifted, "7"),
    );
    const died = await new RunAttempts(engine, ".").run(diverging);
    if (smaller === null || died === null) throw new Error("the run lives");
    const provenance = {
      nanproof: "0.1.0",
      preset: "published",
      data: "test",
      seed: "1",
      step: died.case.steps,
    };
    const found = { run: smaller, minimal: true, candidates: 1 };
    const { fixture } = await runFinding(engine, found, { provenance, run: diverging, folder: "." }, {});
    expect(fixture.fixes?.holds).toEqual(expect.arrayContaining(["l2", "l2-strong", "learning-rate-tenth"]));
    expect(fixture.sentence).toMatch(/; it starts from seed 7, where the run that died started from 1$/);
    const { run: _, ...nameless } = fixture.provenance;
    const alone = { path: "run.json", fixture: { ...fixture, provenance: nameless } };
    expect((await measureFixes(alone, engine)).fails).toContain("learning-rate-tenth");
  });

  it("is not told of a run that does not die again", async () => {
    const died = await new RunAttempts(engine, ".").run(diverging);
    if (died === null) throw new Error("the run lives");
    const provenance = {
      nanproof: "0.1.0",
      preset: "published",
      data: "test",
      seed: "1",
      step: died.case.steps + 1,
    };
    const found = { run: died, minimal: true, candidates: 1 };
    const { fixture } = await runFinding(engine, found, { provenance, run: diverging, folder: "." }, {});
    expect(fixture.fixes).toEqual({ holds: [], fails: [] });
    const judgement = await judgeFix({ path: "run.json", fixture }, fixNamed("l2") as Fix, engine);
    expect(judgement).toMatchObject({
      verdict: "notJudged",
      why: expect.stringMatching(
        /^the run that died at step \d+ dies at step \d+ when it is started again on explorer/,
      ),
    });
  });
});

describe("cuts", () => {
  const text: TrainingCase = {
    ...presets.published,
    model: {
      ...presets.published.model,
      inputs: 16,
      layers: presets.published.model.layers.map((l) => ({ ...l, units: 16 })),
    },
    data: { ...presets.published.data, sentences: 500, vocabulary: 700 } as TrainingCase["data"],
  };
  const odd: TrainingCase = {
    ...smallCase({
      data: {
        ...synthetic([4, 2, 3], 6),
        batches: [
          { time: 6, rows: [{ length: 6, padding: "before", holes: [0, 5], zeroTargets: [4] }] },
          ...synthetic([4, 2, 3], 5).batches,
        ],
      } as TrainingCase["data"],
    }),
    optimizer: { ...presets.published.optimizer, learningRate: 0.0873 },
    init: { kind: "glorot", seed: "1", scale: 1.25 },
  };

  it.each([
    ["text", text, ["units", "layers", "rows", "timesteps", "vocabulary"]],
    ["synthetic", odd, CUTS.map(({ name }) => name).filter((name) => name !== "vocabulary")],
  ] as const)("of %s make valid, simpler cases, and all that there are", (_, testCase, names) => {
    const cutting = CUTS.filter((cut) => cut.cases(testCase, "fine").length > 0).map(({ name }) => name);
    expect(cutting).toEqual(names);
    for (const cut of CUTS)
      for (const candidate of cut.cases(testCase, "fine")) {
        expect(trainingCaseSchema.safeParse(candidate).error, cut.name).toBeUndefined();
        expect(compareCases(orderedCase(candidate), orderedCase(testCase)), cut.name).toBeLessThan(0);
      }
  });

  it("of sizes go from the widest to one less", () => {
    expect(smaller(16, "fine")).toEqual([1, 2, 4, 8, 12, 15]);
    expect(smaller(16, "wide")).toEqual([1, 2, 4, 8]);
    expect(smaller(3, "fine")).toEqual([1, 2]);
    expect(smaller(1, "fine")).toEqual([]);
  });

  it("of numbers go to fewer digits", () => {
    expect(rounder(0.0873)).toEqual([0.1, 0.09, 0.08, 0.087, 0.088]);
    expect(rounder(0.3)).toEqual([]);
    expect(rounder(1.25)).toEqual([1, 1.3, 1.2]);
  });
});
