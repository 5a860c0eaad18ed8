import { describe, expect, it } from "vitest";
import type { KnobRecord } from "../protocol.ts";
import type { ProgramCase } from "./case.ts";
import { generationOf } from "./generation.ts";
import { defaultsOf, drawKnobs, givenKnobs, type Knobs, knobsMisfit, misfit, textOf } from "./knobs.ts";
import { runShrinkingOf } from "./runShrinking.ts";

const knobs = {
  units: { kind: "integer", min: 1, max: 32, default: 8 },
  learningRate: { kind: "logUniform", min: 1e-4, max: 1, default: 0.01 },
  scale: { kind: "uniform", min: -2, max: 10, default: 1 },
  padding: { kind: "choice", choices: ["before", "after", 3, true], default: "before" },
  lengths: { kind: "lengths", rows: [1, 8], time: [0, 64], default: [64] },
} as const satisfies Record<string, KnobRecord>;
const all = knobs as unknown as Knobs;

const drawn = Array.from({ length: 300 }, (_, i) => drawKnobs(all, "seed", `hunt/${i}`));

describe("drawn knobs", () => {
  it("can all be had", () => {
    for (const values of drawn) expect(knobsMisfit(all, values)).toBeNull();
  });

  it("depend on seed and label alone", () => {
    expect(drawKnobs(all, "seed", "hunt/7")).toEqual(drawn[7]);
    expect(drawKnobs(all, "other", "hunt/7")).not.toEqual(drawn[7]);
  });

  it("reach every part of their ranges, each power of ten of a logarithmic one alike", () => {
    const rates = drawn.map(({ learningRate }) => learningRate as number);
    for (const [low, high] of [
      [1e-4, 1e-3],
      [1e-3, 1e-2],
      [1e-2, 1e-1],
      [1e-1, 1],
    ] as const) {
      const part = rates.filter((rate) => rate >= low && rate < high).length / rates.length;
      expect(part).toBeGreaterThan(0.15);
      expect(part).toBeLessThan(0.35);
    }
    expect(new Set(drawn.map(({ padding }) => padding)).size).toBe(4);
    expect(drawn.some(({ lengths }) => (lengths as number[]).includes(0))).toBe(true);
    expect(Math.max(...drawn.map(({ lengths }) => (lengths as number[]).length))).toBe(8);
    expect(Math.min(...drawn.map(({ scale }) => scale as number))).toBeLessThan(-1);
  });

  it("are few digits long", () => {
    for (const { learningRate } of drawn)
      expect(Number((learningRate as number).toPrecision(3))).toBe(learningRate);
  });
});

describe("the cases of a hunt", () => {
  const cases = generationOf(all).cases({ pinned: { units: 5 }, steps: 30 }, "1");

  it("have what is given, and seeds of their own", () => {
    const made = Array.from({ length: 20 }, (_, index) => cases.at({ index, parent: null }));
    expect(made.every((one) => one.knobs?.units === 5 && one.steps === 30)).toBe(true);
    expect(new Set(made.map(({ seed }) => seed)).size).toBe(20);
    expect(cases.at({ index: 3, parent: null })).toEqual(made[3]);
  });

  it("varied from another keep most of its knobs, and what is given", () => {
    const parent = cases.at({ index: 0, parent: null });
    const mutants = Array.from({ length: 40 }, (_, index) => cases.at({ index: index + 1, parent }));
    const changed = mutants.map(
      ({ knobs: values }) =>
        Object.keys(all).filter((name) => textOf(values?.[name] ?? "") !== textOf(parent.knobs?.[name] ?? ""))
          .length,
    );
    expect(Math.max(...changed)).toBeLessThan(5);
    expect(changed.reduce((a, b) => a + b) / 40).toBeLessThan(3);
    expect(changed.filter((count) => count > 0).length).toBeGreaterThan(30);
    expect(mutants.every((one) => one.knobs?.units === 5)).toBe(true);
    const ofTheParent = mutants.filter(({ seed }) => seed === parent.seed).length;
    expect(ofTheParent).toBeGreaterThan(10);
    expect(ofTheParent).toBeLessThan(30);
  });
});

describe("the labels of a case of a hunt", () => {
  const labels = (testCase: ProgramCase) => generationOf(all).labels(testCase);

  it("are its knobs and its steps; of a list of lengths how many there are, and the longest", () => {
    const values = { units: 5, learningRate: 0.01, padding: true, lengths: [5, 0, 8] };
    expect(labels({ schemaVersion: 1, knobs: values, seed: 1, steps: 30 })).toEqual({
      units: 5,
      learningRate: 0.01,
      padding: "true",
      "lengths, entries": 3,
      "lengths, longest": 8,
      steps: 30,
    });
  });

  it("are its steps alone where its program has no knobs", () => {
    expect(labels({ schemaVersion: 1, knobs: null, seed: 1, steps: 30 })).toEqual({ steps: 30 });
  });
});

describe("--knob", () => {
  it("gives values of each kind", () => {
    expect(
      givenKnobs(all, ["units=4", "learningRate=1e-3", "padding=true", "lengths=5,0,8", "scale=-1"]),
    ).toEqual({ units: 4, learningRate: 1e-3, padding: true, lengths: [5, 0, 8], scale: -1 });
    expect(givenKnobs(all, ["padding=3"])).toEqual({ padding: 3 });
  });

  it.each(Object.entries({ units: 4, learningRate: 1e-3, padding: true, lengths: [5, 0, 8], scale: -1 }))(
    "takes a value of %s as it is written out for it",
    (name, value) => {
      expect(givenKnobs(all, [`${name}=${textOf(value)}`])).toEqual({ [name]: value });
    },
  );

  it.each([
    ["width=4", /no knob "width"/],
    ["units", /it is a whole number/],
    ["units=", /it is a whole number/],
    ["units=4.5", /it is a whole number/],
    ["units=33", /it goes from 1 to 32/],
    ["learningRate=NaN", /it is a number/],
    ["padding=middle", /it is one of "before", "after", 3, true/],
    ["lengths=1,2,3,4,5,6,7,8,9", /it has 1 to 8 entries/],
    ["lengths=65", /its entries go from 0 to 64/],
    ["lengths=a", /whole numbers/],
  ])("refuses %s", (text, message) => {
    expect(() => givenKnobs(all, [text])).toThrow(message);
  });

  it("refuses a knob that is given twice", () => {
    expect(() => givenKnobs(all, ["units=1", "units=2"])).toThrow(/given twice/);
  });
});

describe("knobs of a fixture", () => {
  const values = defaultsOf(all);
  it("fit while the program has the same", () => {
    expect(knobsMisfit(all, values)).toBeNull();
    expect(knobsMisfit({}, null)).toBeNull();
  });

  it.each([
    ["one more", { ...values, more: 1 }, /no knob more any more/],
    ["one less", { ...values, units: undefined }, /knob units is undefined|new knob/],
    ["another range", { ...values, units: 64 }, /knob units is 64: it goes from 1 to 32/],
  ])("do not fit with %s", (_, given, message) => {
    expect(knobsMisfit(all, JSON.parse(JSON.stringify(given)))).toMatch(message);
  });
});

describe("a run of a program is made smaller", () => {
  const shrinking = runShrinkingOf(all);
  const start: ProgramCase = {
    schemaVersion: 1,
    knobs: { units: 20, learningRate: 0.0123, scale: 2.5, padding: "after", lengths: [9, 0, 12] },
    seed: 4711,
    steps: 40,
  };

  it("knob by knob, each candidate simpler and one that the program can have", () => {
    expect(shrinking.cuts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["units", "learningRate", "padding", "lengths"]),
    );
    for (const cut of shrinking.cuts)
      for (const candidate of cut.cases(start, "fine")) {
        expect(shrinking.compare(candidate, start), cut.name).toBeLessThan(0);
        expect(knobsMisfit(all, candidate.knobs), cut.name).toBeNull();
      }
    for (const name of ["units", "lengths", "padding", "learningRate"])
      expect(
        shrinking.cuts.find((cut) => cut.name === name)?.cases(start, "fine").length,
        name,
      ).toBeGreaterThan(0);
  });

  it("in one total order: lengths, then sizes, then digits, then steps, then the seed", () => {
    const smaller = [
      { ...start, knobs: { ...start.knobs, lengths: [9, 12] } },
      { ...start, knobs: { ...start.knobs, units: 19 } },
      { ...start, knobs: { ...start.knobs, learningRate: 0.01 } },
      { ...start, steps: 39 },
      { ...start, seed: 1 },
    ] as ProgramCase[];
    for (const one of smaller) {
      expect(shrinking.compare(one, start)).toBeLessThan(0);
      expect(shrinking.compare(start, one)).toBeGreaterThan(0);
    }
    expect(shrinking.compare(start, { ...start })).toBe(0);
  });

  it.each([
    ["timesteps count for more than units", { lengths: [9, 0, 11] }, { units: 19 }],
    ["units count for more than a choice", { units: 19 }, { padding: "before" }],
    ["a choice counts for more than digits of a rate", { padding: "before" }, { learningRate: 0.01 }],
    ["digits of a rate count for more than those of a scale", { learningRate: 0.01 }, { scale: 2 }],
  ])("so that %s, in whatever order the program has its knobs", (_, one, other) => {
    const { units, learningRate, scale, padding, lengths } = all as Required<Knobs>;
    const turned = { scale, learningRate, padding, units, lengths } as Knobs;
    for (const { compare } of [shrinking, runShrinkingOf(turned)]) {
      const [a, b] = [one, other].map(
        (part) => ({ ...start, knobs: { ...start.knobs, ...part } }) as ProgramCase,
      );
      expect(a && b && compare(a, b)).toBeLessThan(0);
      expect(a && b && compare(b, a)).toBeGreaterThan(0);
    }
  });

  it("the sizes first, in whatever order the program has its knobs", () => {
    const names = (of: Knobs) => runShrinkingOf(of).cuts.map(({ name }) => name);
    const turned = Object.fromEntries(Object.entries(all).reverse());
    expect(names(turned)).toEqual(["lengths", "units", "padding", "learningRate", "scale"]);
    expect(names(all)).toEqual(names(turned));
  });
});

describe("misfit", () => {
  it("says nothing of a default", () => {
    for (const knob of Object.values(all)) expect(misfit(knob, knob.default)).toBeNull();
  });
});
