import { describe, expect, it } from "vitest";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { DOMAINS, type Domain } from "../programs/lstm/cases/domains.ts";
import { presets } from "../programs/lstm/cases/presets.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { growingUnit, steepCase } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { caseMaker } from "../programs/lstm/generation/caseMaker.ts";
import { explainJson, explainSummary } from "../reporters/explain.ts";
import { boundariesOf, boundaryOf } from "./boundary.ts";
import { explainFixture } from "./explain.ts";

const engine = await openEngine("explorer");
const never = { aborted: false };
async function explained(stored: Awaited<ReturnType<typeof storedFixture>>, timeIsUp = never) {
  const explanation = await explainFixture(stored, engine, { signal: never, timeIsUp });
  if (explanation === null) throw new Error("it was interrupted");
  return explanation;
}

describe("what the death of a fixture takes", () => {
  it("is told with the two nearest values, and every one of them was run", async () => {
    const stored = await storedFixture(growingUnit(), "step", engine);
    const { boundaries, free, story } = await explained(stored);
    const { program } = engine;
    const step = program.stepOfCase(growingUnit());
    const examined = await program.examine(engine, step);
    if (examined.kind === "lives") throw new Error("the step lives");
    const numbers = new Map(
      [
        ...(program.explaining?.knobs(step, examined.death) ?? []),
        ...(program.explaining?.numbers(step) ?? []),
      ].map((n) => [n.what, n]),
    );
    const livesAt = async (what: string, value: number) => {
      const other = numbers.get(what)?.with(value);
      if (other == null) throw new Error(`${what} cannot be ${value}`);
      return (await program.examine(engine, other)).kind === "lives";
    };
    expect(boundaries.length).toBeGreaterThan(5);
    for (const { what, lives, dies } of boundaries) {
      expect(await livesAt(what, dies), `${what} ${dies}`).toBe(false);
      if (lives !== null) expect(await livesAt(what, lives), `${what} ${lives}`).toBe(true);
    }
    // The cell is 1 at timestep 0 and 1e40 at 4: a recurrent weight of 4.3e9 makes 3.4e38 of it there.
    const recurrent = boundaries.find(({ what }) => what === "/case/init/weights/0/kernel/1/1");
    expect(recurrent?.dies).toBeLessThan(1e10);
    expect(boundaries.find(({ what }) => what === "timesteps")).toEqual({
      what: "timesteps",
      lives: 4,
      dies: 5,
    });
    expect(boundaries.find(({ what }) => what === "clip by global norm")).toMatchObject({ lives: null });
    // Inputs after the first are not needed, targets never are.
    expect(free).toContain("/case/data/batches/0/y/0/0/0");
    expect(free).not.toContain("/case/init/weights/0/kernel/1/1");
    expect(story.growth).toEqual({ perTimestep: 1e10, through: ["/case/init/weights/0/kernel/1/1"] });
  });

  it("points to numbers that stand in the fixture's case, each where it is", async () => {
    const stored = await storedFixture(steepCase(), "step", engine);
    const { free, boundaries } = await explained(stored);
    const pointers = [...free, ...boundaries.map(({ what }) => what)].filter((what) => what.startsWith("/"));
    expect(pointers.length).toBeGreaterThan(20);
    for (const pointer of pointers) {
      const at = pointer
        .split("/")
        .slice(1)
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], stored.fixture);
      expect(typeof at, pointer).toBe("number");
    }
  });

  it("is found on both sides of a number, or on none", async () => {
    const between = { what: "x", value: 3, with: (value: number) => value };
    const found = await boundariesOf(between, async (value) => value <= 2.5 || value > 5);
    expect(found).toEqual([
      { what: "x", lives: 2.5, dies: Math.fround(2.5 + 2 ** -22) },
      { what: "x", lives: Math.fround(5 + 2 ** -21), dies: 5 },
    ]);
    expect(await boundariesOf(between, async () => false)).toBeNull();
  });
});

describe("the size that a death takes", () => {
  const sizes = { what: "rows", kind: "size", value: 1000, least: 1, most: 1000 } as const;
  const knob = { ...sizes, with: (value: number) => value };

  it("is found by halving where the least lives, and from the top where it dies or is refused", async () => {
    const tried: number[] = [];
    const found = await boundaryOf(knob, async (size) => {
      tried.push(size);
      return size < 700;
    });
    expect(found).toEqual({ what: "rows", lives: 699, dies: 700 });
    expect(tried.length).toBeLessThan(13);
    const hole = await boundaryOf(knob, async (size) => (size === 1 ? null : size < 990));
    expect(hole).toEqual({ what: "rows", lives: 989, dies: 990 });
    expect(await boundaryOf(knob, async () => false)).toEqual({ what: "rows", lives: null, dies: 1 });
    expect(await boundaryOf(knob, async () => null)).toBeNull();
  });
});

describe("since when a death was to be seen", () => {
  // One relu layer of a few units at a high rate: this one dies at step 15, and 20 of 20 other seeds live.
  const domain: Domain = {
    ...DOMAINS.default,
    layers: { count: { min: 1, max: 1 }, activations: ["relu"] },
    units: { min: 3, max: 8, each: "run" },
    rows: { min: 1, max: 1 },
    batches: { min: 2, max: 2 },
    steps: { min: 40, max: 40 },
  };
  const run = caseMaker({ domain, base: presets.published, seed: "since" })({
    index: 324,
    parent: null,
  });

  it("is told against eight healthy runs of other seeds, with step and batch", async () => {
    const explanation = await explained(await storedFixture(run, "run", engine));
    const { sought } = explanation;
    expect(sought).toMatchObject({ why: null, healthy: 8 });
    expect(sought.perStep).toBeGreaterThan(1);
    const cell = sought.since.find(({ gauge }) => gauge === "layer0/maxCell");
    expect(cell?.step).toBeLessThan(15);
    for (const { step, batch } of sought.since) expect(batch).toBe((step - 1) % 2);
  });

  it("is not told where time is up, or no run is named", async () => {
    const stored = await storedFixture(run, "run", engine);
    expect((await explained(stored, { aborted: true })).sought).toMatchObject({
      since: [],
      why: expect.any(String),
    });
    const step = await storedFixture(growingUnit(), "step", engine);
    expect((await explained(step)).sought.why).toBe("the fixture names no run that it comes from");
  });
});

it("an explanation is told in words with a plot, and in JSON with the keys that were promised", async () => {
  const explanation = await explained(await storedFixture(growingUnit(), "step", engine));
  const lines = explainSummary("my fixture.json", explanation);
  expect(lines[0]).toBe("'my fixture.json': forward/recurrence-overflow/relu");
  expect(lines.filter((line) => line.includes("*")).length).toBeGreaterThan(3);
  expect(lines.join("\n")).toContain("It grew through /case/init/weights/0/kernel/1/1 (10000000000).");
  const json = explainJson(explanation);
  expect(Object.keys(json)).toEqual([
    "signature",
    "sentence",
    "story",
    "growth",
    "free",
    "boundaries",
    "since",
  ]);
  expect(json.growth).toEqual({
    perTimestep: 1e10,
    perStep: null,
    through: ["/case/init/weights/0/kernel/1/1"],
  });
});

it("a fixture that does not die here is refused", async () => {
  const stored = await storedFixture(growingUnit(), "step", engine);
  const healed = {
    ...stored,
    fixture: {
      ...stored.fixture,
      case: { ...growingUnit(), model: { ...growingUnit().model, cellClip: 50 } },
    },
  };
  await expect(explained(healed)).rejects.toThrow(/does not die on explorer/);
});
