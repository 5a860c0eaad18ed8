import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { xorshift128plus } from "pure-rand/generator/xorshift128plus";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../documents/errors.ts";
import { DOMAIN_NAMES, DOMAINS, type Domain } from "../cases/domains.ts";
import { LAYOUT_NAMES, layoutsOf } from "../cases/layouts.ts";
import { compareCases, orderedCase } from "../cases/order.ts";
import { presets } from "../cases/presets.ts";
import type { SyntheticSpec, TrainingCase } from "../cases/schema.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";
import { drawCase } from "./drawCase.ts";
import { trainingCase } from "./trainingCase.ts";

const domains = DOMAIN_NAMES.map((name): [string, Domain] => [name, DOMAINS[name]]);
const small: Domain = { ...DOMAINS.wide, rows: { min: 2, max: 3 }, batches: { min: 1, max: 2 } };
const shrinking: [string, Domain][] = [
  ...domains,
  ["of layouts without none", { ...small, layouts: ["ragged", "hole-inside", "before"] }],
  ["of one timestep or two", { ...small, time: { min: 1, max: 2 } }],
];

const draws = (domain: Domain, count: number, seed = "51038266") => {
  const cases = trainingCase(domain, presets.hardened);
  return Array.from({ length: count }, (_, i) => drawCase(cases, seed, `draw/${i}`));
};
const synthetic = ({ data }: TrainingCase): SyntheticSpec => {
  if (data.kind !== "synthetic") throw new Error("generated data is synthetic");
  return data;
};

/** A case but for its loss on one line: its shape in words, then the start of the sha-256 of its JSON with the keys in order. */
function summary(testCase: TrainingCase): string {
  const { loss: _, ...drawn } = testCase;
  const json = JSON.stringify(drawn, (__, value) =>
    value === null || typeof value !== "object" || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  expect(JSON.parse(json), "nothing is lost in JSON").toEqual(drawn);
  const { batches } = synthetic(testCase);
  return [
    `units ${drawn.model.layers.map(({ units, activation }) => `${units} ${activation}`).join(", ")}`,
    `rows ${batches.map(({ rows }) => rows.length).join(", ")}`,
    `time ${batches.map(({ time }) => time).join(", ")}`,
    `steps ${drawn.steps}`,
    createHash("sha256").update(json).digest("hex").slice(0, 16),
  ].join("; ");
}

/** Names of the fields of a case that lie outside its domain; the base is `hardened`. */
function outside(domain: Domain, testCase: TrainingCase): string[] {
  const { model, optimizer, steps, init } = testCase;
  const { batches, inputScale, masked } = synthetic(testCase);
  const base = presets.hardened;
  const within = (value: number, range: { min: number; max: number } | undefined, otherwise: number) =>
    range ? value >= range.min && value <= range.max : value === otherwise;
  const { layers: layersOf, layouts } = domain;
  const activations = model.layers.map(({ activation }) => activation);
  const units = model.layers.map((layer) => layer.units);
  const short = batches.slice(0, -1).map(({ rows }) => rows.length);
  const last = batches.at(-1)?.rows.length ?? 0;
  const checks: Record<string, boolean> = {
    layers: layersOf
      ? within(units.length, layersOf.count, 0) && activations.every((a) => layersOf.activations.includes(a))
      : activations.join() === "relu,relu,tanh",
    units: units.every((u, l) => within(u, domain.units, base.model.layers[l]?.units ?? 0)),
    "units of the run": domain.units?.each !== "run" || new Set(units).size === 1,
    inputs: within(model.inputs, domain.inputs, units.at(-1) ?? 0),
    rows:
      short.every((rows) => within(rows, domain.rows, 0)) &&
      (within(last, domain.rows, 0) || (last === 1 && layouts.includes("last-batch-of-one-row"))),
    time: batches.every(({ time }) => within(time, domain.time, 0)),
    batches: within(batches.length, domain.batches, 0),
    steps: within(steps, domain.steps, 0),
    learningRate: within(optimizer.learningRate, domain.learningRate, optimizer.learningRate),
    initScale: init.kind === "glorot" && within(init.scale, domain.initScale, 1),
    inputScale: within(inputScale, domain.inputScale, 0.4),
    masked: masked || layouts.includes("lengths-not-passed"),
    base: testCase.loss === base.loss && optimizer.clip === base.optimizer.clip && model.cellClip === 50,
  };
  return Object.keys(checks).filter((name) => !checks[name]);
}

describe.each(domains)("the domain %s", (_, domain) => {
  it("draws valid cases that lie in it", () => {
    for (const drawn of draws(domain, 300)) {
      expect(trainingCaseSchema.safeParse(drawn).error).toBeUndefined();
      expect(outside(domain, drawn)).toEqual([]);
    }
  });

  it("draws the same for the same seed, and other cases for others", () => {
    expect(draws(domain, 5)).toEqual(draws(domain, 5));
    expect(draws(domain, 5)).not.toEqual(draws(domain, 5, "2"));
  });

  it("draws what it drew for seed 42", () => {
    expect(draws(domain, 2, "42").map(summary)).toMatchSnapshot();
  });
});

describe.each(shrinking)("shrinking in a domain %s", (_, domain) => {
  it("never makes a case larger, nor leaves the domain", () => {
    const cases = trainingCase(domain, presets.hardened);
    let seen = 0;
    for (let seed = 0; seed < 4; seed++) {
      const random = new fc.Random(xorshift128plus(seed));
      let at = cases.generate(random, seed % 2 === 0 ? undefined : 3);
      for (let depth = 0; depth < 12; depth++) {
        const before = orderedCase(at.value);
        const candidates = [...cases.shrink(at.value, at.context).take(20)];
        for (const { value } of candidates) {
          expect(compareCases(orderedCase(value), before)).toBeLessThan(0);
          expect(outside(domain, value)).toEqual([]);
          seen += 1;
        }
        const next = candidates[random.nextInt(0, Math.max(0, candidates.length - 1))];
        if (next === undefined) break;
        at = next;
      }
    }
    expect(seen).toBeGreaterThan(200);
  });
});

describe("shrinking ends at the smallest", () => {
  const wide = trainingCase(DOMAINS.wide, presets.hardened);
  const smallest = (fails: (testCase: TrainingCase) => boolean) => {
    const { counterexample } = fc.check(
      fc.property(wide, (testCase) => !fails(testCase)),
      { seed: 51038266, numRuns: 1000 },
    );
    if (!counterexample) throw new Error("no case failed");
    return counterexample[0];
  };

  it("case of all", () => {
    const { model, init, optimizer, steps, ...rest } = smallest(() => true);
    expect(model).toEqual({
      layers: [{ units: 1, activation: "tanh" }],
      inputs: 1,
      forgetBias: 1,
      cellClip: 50,
      gradientClip: 1e6,
    });
    expect([init, optimizer.learningRate, steps]).toEqual([{ kind: "glorot", seed: "1", scale: 1 }, 0.1, 1]);
    expect(rest.data).toEqual({
      kind: "synthetic",
      seed: "1",
      inputScale: 1,
      masked: true,
      batches: [{ time: 1, rows: [{ length: 1, padding: "after", holes: [], zeroTargets: [] }] }],
    });
  });

  it("rate, layer and timesteps that still fail", () => {
    const { model, optimizer, data } = smallest(
      (drawn) =>
        drawn.optimizer.learningRate > 0.02 &&
        drawn.model.layers[1]?.activation === "relu" &&
        (synthetic(drawn).batches[0]?.time ?? 0) > 20,
    );
    expect(model.layers).toEqual([
      { units: 1, activation: "tanh" },
      { units: 1, activation: "relu" },
    ]);
    expect(optimizer.learningRate).toBe(0.1);
    expect(data.kind === "synthetic" && data.batches[0]?.time).toBe(21);
  });

  it("hole that still fails", () => {
    const { data } = smallest(
      ({ data: made }) =>
        made.kind === "synthetic" &&
        made.batches.some(({ rows }) => rows.some(({ holes }) => holes.length > 0)),
    );
    expect(layoutsOf(data as SyntheticSpec)).toEqual(["hole-at-start"]);
    expect(data.kind === "synthetic" && data.batches.map(({ rows }) => rows.length)).toEqual([1]);
  });
});

describe("1,000 draws of wide", () => {
  const cases = draws(DOMAINS.wide, 1000);

  it("show every layout and activation", () => {
    const layouts = new Set(cases.flatMap((drawn) => layoutsOf(synthetic(drawn))));
    expect(LAYOUT_NAMES.filter((name) => !layouts.has(name))).toEqual([]);
    const activations = cases.flatMap(({ model }) => model.layers.map(({ activation }) => activation));
    expect(new Set(activations).size).toBe(4);
  });

  it("fill the decades of the learning rate evenly, the part of the last one by its width", () => {
    const count = (from: number, to: number) =>
      cases.filter(({ optimizer: { learningRate } }) => learningRate >= from && learningRate < to).length;
    const decades = [count(1e-4, 1e-3), count(1e-3, 1e-2), count(1e-2, 0.1)];
    // log10(0.3 / 1e-4) = 3.48 decades: 288 draws to each, standard deviation 14.
    for (const drawn of decades) expect(Math.abs(drawn - 288)).toBeLessThan(60);
    expect(Math.abs(count(0.1, 0.31) - 137)).toBeLessThan(45);
    const halves = [count(1e-3, Math.sqrt(1e-5)), count(Math.sqrt(1e-5), 1e-2)];
    for (const drawn of halves) expect(Math.abs(drawn - 144)).toBeLessThan(45);
  });
});

it("a domain whose largest case is over a bound is refused, and the field is named", () => {
  const huge: Domain = { ...DOMAINS.wide, units: { min: 1, max: 2048, each: "run" } };
  expect(() => trainingCase(huge)).toThrow(UsageError);
  expect(() => trainingCase(huge)).toThrow(/largest case is no valid one: model.layers has/);
});
