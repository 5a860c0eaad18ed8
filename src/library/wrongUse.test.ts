import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import type { Engine, Fixture, ShrunkRun, TrainingCase } from "../index.ts";
import * as library from "../index.ts";
import type { CapturedStep } from "../programs/lstm/cases/capturedStep.ts";
import { row } from "../programs/lstm/cases/testing/syntheticRows.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";

const out = mkdtempSync(join(tmpdir(), "nanproof-library-"));
afterAll(() => rmSync(out, { recursive: true }));

const engine = await library.openEngine("explorer");
const testCase: TrainingCase = {
  ...library.presets.published,
  model: { inputs: 4, layers: [{ units: 4, activation: "relu" }], forgetBias: 1 },
  data: {
    kind: "synthetic",
    seed: "1",
    inputScale: 1,
    masked: true,
    batches: [{ time: 20, rows: [row(20), row(20)] }],
  },
  steps: 3,
};
const dying: TrainingCase = {
  ...testCase,
  init: { kind: "glorot", seed: "1", scale: 20 },
  data: { ...testCase.data, inputScale: 1e25 } as TrainingCase["data"],
};
const domain = { ...library.DOMAINS.wide, time: { min: 1, max: 4 } };
const data = library.openData(testCase, { folder: "." });
const batch = data.batch(0);
const state = library.initialState(testCase);
const step = library.sharedStep(engine, testCase, 1);
const trajectory = await library.run(testCase);
const [record] = trajectory.records;
const open = () => engine.start(testCase, library.initialState(testCase));
const stored = library.readFixture("fixtures/forward-recurrence-overflow-relu-92253bf5a3fc.json");
const attempts = new library.RunAttempts(engine, ".");
const death = await attempts.run(dying);
if (death === null) throw new Error("the run lives");
const captured = { ...death.fatal.step };
const provenance = { nanproof: "0", preset: "none", data: "test", seed: "1", step: death.case.steps };
const shrunk: ShrunkRun<TrainingCase, CapturedStep, Diagnosis> = {
  run: death,
  minimal: false,
  candidates: 0,
};
const huntOptions = { domain, base: testCase, budget: { kind: "cases", cases: 1 } } as const;
const [fix] = library.fixes;
if (fix === undefined) throw new Error("there are fixes");
const recording = library.readRecording("fixtures/recordings/single-step.json");

/** A call that is right, and for each of its arguments what else it takes of {@link NONSENSE}, by name. */
interface Call {
  name: string;
  call: (...values: never[]) => unknown;
  right: readonly unknown[];
  also?: readonly (readonly string[])[];
}

const TEXTS = ["a text", "no such name"];
const MISSING = ["undefined"];
const OPTIONS = ["undefined", "an empty object", "a date"];

const CALLS: readonly Call[] = [
  of("applyOverrides", library.applyOverrides, [testCase, {}], [[], ["an empty object", "a date"]]),
  of("boundedGradients", library.boundedGradients, [1], [["undefined", "a number", "infinity"]]),
  of(
    "clipBySafeGlobalNorm",
    library.clipBySafeGlobalNorm,
    [[tf.scalar(1)], 1],
    [[], ["a number", "infinity"]],
  ),
  of("compareRecording", library.compareRecording, [recording, engine]),
  of("diagnose", library.diagnose, [dying, batch, open().trace(batch)], [[], [], ["an empty list"]]),
  of("digestOf", library.digestOf, [engine, testCase]),
  of(
    "drawCase",
    library.drawCase,
    [library.trainingCase(domain), "1", "a"],
    [[], TEXTS, [...TEXTS, "no text"]],
  ),
  of("enginesAgree", library.enginesAgree, [engine]),
  of(
    "findingOf",
    library.findingOf,
    [engine, captured, death.fatal.death, provenance, [], { kind: "none" }, () => {}],
    [[], [], [], [], ["an empty list"], MISSING, [...MISSING, "a function"]],
  ),
  of("hunt", library.hunt, [huntOptions, {}], [[], OPTIONS]),
  of("initialState", library.initialState, [testCase, undefined], [[], MISSING]),
  of("isFatal", library.isFatal, [record]),
  of("judgeFix", library.judgeFix, [stored, fix, engine]),
  of("layoutsOf", library.layoutsOf, [testCase.data]),
  of("measureFixes", library.measureFixes, [stored, engine, () => {}], [[], [], [...MISSING, "a function"]]),
  of("openData", library.openData, [testCase, { folder: "." }]),
  of("openEngine", library.openEngine, ["explorer"]),
  of("readDomain", library.readDomain, ["wide"]),
  of("readFixture", library.readFixture, [stored.path]),
  of("readRecording", library.readRecording, ["fixtures/recordings/single-step.json"]),
  of("replayFixture", library.replayFixture, [stored, engine]),
  of("rerun", library.rerun, [engine, testCase, { folder: "." }]),
  of("run", library.run, [testCase, {}], [[], OPTIONS]),
  of(
    "runFinding",
    library.runFinding,
    [engine, shrunk, { provenance, run: dying, folder: "." }, []],
    [[], [], [], ["an empty list"]],
  ),
  of("safeGlobalNorm", library.safeGlobalNorm, [[tf.scalar(1)]]),
  of("safeNormalise", library.safeNormalise, [tf.tensor1d([1]), -1], [[], [...MISSING, "minus one", "zero"]]),
  of("sharedStep", library.sharedStep, [engine, testCase, 1], [[], [], ["zero", "a number"]]),
  of("shrinkRun", library.shrinkRun, [attempts, dying, { budget: { candidates: 1 } }], [[], [], OPTIONS]),
  of("train", library.train, [engine, testCase, open(), data, {}], [[], [], [], [], OPTIONS]),
  of("trainingCase", library.trainingCase, [domain, testCase], [[], MISSING]),
  of("writeFixture", library.writeFixture, [out, stored.fixture, undefined], [TEXTS, [], MISSING]),
  of(
    "RunAttempts",
    (...given: [Engine, string]) => new library.RunAttempts(...given),
    [engine, "."],
    [[], TEXTS],
  ),
  of(
    "RunAttempts.run",
    (given: TrainingCase, signal?: AbortSignal) => attempts.run(given, signal),
    [dying, undefined],
    [[], MISSING],
  ),
  of("engine.start", engine.start, [testCase, state]),
  ...(["step", "evaluate", "outputs", "gradients", "trace"] as const).map((name) =>
    of(`training.${name}`, (given: typeof batch) => open()[name](given), [batch]),
  ),
  of("data.batch", data.batch, [0], [["zero", "a number"]]),
  of("fix.apply", fix.apply, [testCase]),
  ...invariants().map((invariant) => of(`${invariant.name}.check`, invariant.check, [trajectory, testCase])),
  ...[library.paddingRow, library.rowOrder, library.trailingColumns, library.enginesAgree(engine)].map(
    (relation) => of(`${relation.name}.check`, relation.check, [engine, step]),
  ),
];

function invariants() {
  const { clippedGradients, finiteGradients, finiteLoss, finiteWeights, lossInRange, notStalled } = library;
  return [clippedGradients, finiteGradients, finiteLoss, finiteWeights, lossInRange, notStalled];
}

function of<A extends readonly unknown[]>(
  name: string,
  call: (...values: A) => unknown,
  right: readonly unknown[],
  also?: Call["also"],
): Call {
  return { name, call: call as unknown as Call["call"], right, ...(also && { also }) };
}

const NONSENSE: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  "minus one": -1,
  zero: 0,
  "a number": 3,
  "a fraction": 0.5,
  "not a number": Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  "a text": "x",
  "no such name": "abacus",
  "no text": "",
  true: true,
  "an empty list": [],
  "a list": [1, "x"],
  "an empty object": {},
  "an object of another kind": { a: { b: 1 } },
  "a function": () => "x",
  "a date": new Date(0),
};

/** The outcome of a call that is wrong. */
async function outcome(call: Call["call"], values: readonly unknown[]): Promise<unknown> {
  try {
    return { returned: await (call as (...values: readonly unknown[]) => unknown)(...values) };
  } catch (error) {
    return error;
  }
}

const usageError = expect.objectContaining({
  code: expect.stringMatching(/^NANPROOF_E_[A-Z_]+$/),
  message: expect.stringMatching(/./),
  hint: expect.stringMatching(/./),
});

/** Fractions are seconds, scales and limits: what takes every number over 0 takes this one. */
const takesNumber = (also: readonly string[]) => also.includes("infinity");

describe.each(CALLS)("$name", ({ name, call, right, also = [] }) => {
  it("takes what is right", async () => {
    expect(await outcome(call, right)).toEqual({ returned: expect.toSatisfy(() => true) });
  });

  it.each([...right.keys()])("refuses as argument %i whatever it does not take", async (place) => {
    const taken = also[place] ?? [];
    const wrong = Object.entries(NONSENSE).filter(
      ([what]) => !taken.includes(what) && !(what === "a fraction" && takesNumber(taken)),
    );
    expect(wrong.length).toBeGreaterThan(10);
    for (const [what, value] of wrong) {
      const values = right.map((argument, i) => (i === place ? value : argument));
      const error = await outcome(call, values);
      expect(error, `${name} of ${what}: ${String(error)}`).toBeInstanceOf(library.UsageError);
      expect(error, `${name} of ${what}`).toEqual(usageError);
    }
  });
});

const hasCheck = (value: unknown): value is { name: string } =>
  typeof value === "object" && value !== null && "check" in value && typeof value.check === "function";

describe("the exports", () => {
  it("are all called here, as far as they are functions or hold some", () => {
    const called = new Set(CALLS.map(({ name }) => name.split(".")[0]));
    const { paddingRow, rowOrder, trailingColumns } = library;
    const names = new Set([...invariants(), paddingRow, rowOrder, trailingColumns].map(({ name }) => name));
    const left = Object.entries(library).filter(([name, value]: [string, unknown]) => {
      if (name === "UsageError" || name === "UnsupportedCaseError" || name === "trainingCaseSchema")
        return false;
      if (typeof value === "function") return !called.has(name);
      return hasCheck(value) && !names.has(value.name);
    });
    expect(left.map(([name]) => name)).toEqual([]);
  });

  it("leave nothing behind in the folder but what was right", () => {
    expect(readdirSync(out)).toHaveLength(1);
  });
});

describe("a case that is no valid one", () => {
  const WRONG: [what: string, change: object, says: string][] = [
    ["-1 steps", { steps: -1 }, "testCase.steps is -1: give at least 1"],
    [
      "an activation that is none",
      { model: { ...testCase.model, layers: [{ units: 2, activation: "gelu" }] } },
      'testCase.model.layers[0].activation is "gelu": give one of "relu", "tanh", "sigmoid", "linear"',
    ],
    [
      "a learning rate in words",
      { optimizer: { ...testCase.optimizer, learningRate: "x" } },
      'testCase.optimizer.learningRate is "x": give a number',
    ],
    [
      "no layers",
      { model: { ...testCase.model, layers: [] } },
      "testCase.model.layers is []: give at least 1 entry",
    ],
    ["a key of nothing", { stepz: 1 }, 'testCase has the unknown key "stepz": leave it out'],
    [
      "numbers in a file that is not there",
      {
        data: {
          kind: "explicit",
          batches: [{ time: 1, lengths: [1], x: { byteOffset: 0 }, y: [[[1, 2, 3, 4]]] }],
        },
      },
      "testCase.data.batches[0].x is at bytes 0 to 16 of a binary file, and none is given",
    ],
  ];
  const wrongCase = (change: object) => ({ ...testCase, ...change }) as TrainingCase;

  it.each(WRONG)("is refused by run: %s", async (_, change, says) => {
    const error = await outcome(library.run as Call["call"], [wrongCase(change)]);
    expect(error).toBeInstanceOf(library.UsageError);
    expect((error as Error).message).toContain(says);
  });

  it("is refused before anything is run", async () => {
    const steps: unknown[] = [];
    const onStep = (each: unknown) => steps.push(each);
    await outcome(library.run as Call["call"], [wrongCase({ steps: -1 }), { onStep }]);
    await outcome(library.run as Call["call"], [testCase, { onStep, engin: "tfjs-cpu" }]);
    expect(steps).toEqual([]);
  });
});

describe("wrong numbers", () => {
  const refused = async (call: () => unknown) => {
    const error = await outcome(call as Call["call"], []);
    expect(error).toBeInstanceOf(library.UsageError);
    return (error as Error).message;
  };

  it("in a batch are named: too few, lengths past the end or before the start", async () => {
    const training = open();
    const take = (differs: object) => refused(() => training.step({ ...batch, ...differs }));
    expect(await take({ x: batch.x.subarray(1) })).toBe("batch.x holds 159 numbers: the case asks for 160");
    expect(await take({ y: [...batch.y] })).toBe("batch.y is not a Float32Array: give one of 160");
    for (const length of [-1, 21])
      expect(await take({ lengths: Int32Array.of(length, 20) })).toBe(
        `batch.lengths[0] is ${length}: give 0 to the 20 timesteps of the batch`,
      );
    training.dispose();
  });

  it("in a state are named", async () => {
    const short = { ...state, weights: [{ kernel: new Float32Array(3), bias: new Float32Array(8) }] };
    expect(await refused(() => engine.start(testCase, short))).toBe(
      "state.weights[0].kernel holds 3 numbers: the case asks for 128",
    );
    expect(await refused(() => engine.start(testCase, { ...state, firstMoment: [] }))).toContain(
      "state.firstMoment is not a list of 1",
    );
  });

  it("of a data source of one's own are named at the step that they come at", async () => {
    const own = { ...data, batch: (k: number) => (k === 1 ? { ...batch, rows: 3 } : batch) };
    expect(await refused(() => library.train(engine, testCase, open(), own))).toContain(
      "data.batch(1).x holds",
    );
  });

  it("of options are named", async () => {
    expect(await refused(() => library.run(testCase, { engine: "abacus" as "explorer" }))).toContain(
      'options.engine is "abacus": give one of "explorer"',
    );
    const hunt = (differs: object) => refused(() => library.hunt({ ...huntOptions, ...differs }));
    expect(await hunt({ workers: 0 })).toContain("options.workers is 0");
    expect(await hunt({ budget: { kind: "cases", cases: 0 } })).toContain("options.budget.cases is 0");
    expect(await hunt({ seed: 7 })).toContain("options.seed is 7");
    expect(await hunt({ domain: { ...domain, steps: { min: 2, max: 1 } } })).toContain(
      "domain.steps has a min over its max",
    );
    expect(
      await hunt({ domain: { ...domain, rows: { min: 1, max: 4096 }, batches: { min: 1, max: 2 } } }),
    ).toContain("domain.rows times the batches");
    const tall = {
      ...domain,
      rows: { min: 1, max: 4096 },
      batches: { min: 1, max: 1 },
      time: { min: 1, max: 4096 },
    };
    expect(await hunt({ domain: tall })).toContain("the domain's largest case is no valid one");
  });

  it("that a fix makes are named with the fix", async () => {
    const own = {
      name: "mine",
      acts: "step",
      description: "",
      apply: () => ({ ...stored.fixture.case, steps: 0 }),
    } as const;
    expect(await refused(() => library.judgeFix(stored, own, engine))).toContain("mine(case)");
  });

  it("in a fixture are named before it is written", async () => {
    const fixture = { ...stored.fixture, grade: "heap" } as unknown as Fixture;
    expect(await refused(() => library.writeFixture(out, fixture))).toContain('fixture.grade is "heap"');
  });
});

describe("an engine made of another", () => {
  it("is run as it is made, not as the one that it is made of", async () => {
    const seen: TrainingCase[] = [];
    const own: Engine = {
      ...engine,
      start: (given, from) => {
        seen.push(given);
        return engine.start(given, from);
      },
    };
    await library.run(testCase, { engine: own });
    const proxy = new Proxy(engine, {
      get: (target, key) => (key === "start" ? own.start : Reflect.get(target, key)),
    });
    await library.run(testCase, { engine: proxy });
    expect(seen).toHaveLength(2);
  });
});

it("what nanproof opened is not looked at again by its own functions", async () => {
  let looked = 0;
  const watched = new Proxy(dying, {
    ownKeys: (target) => {
      looked += 1;
      return Reflect.ownKeys(target);
    },
  });
  const shrinking = await library.shrinkRun(attempts, watched, { budget: { candidates: 40 } });
  expect(shrinking?.candidates).toBeGreaterThan(10);
  expect(looked).toBeLessThan(4);
});
