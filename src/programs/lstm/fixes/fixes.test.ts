import { describe, expect, it } from "vitest";
import { PRESET_NAMES, presets } from "../cases/presets.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";
import { type Fix, fixes, fixNamed } from "./fixes.ts";
import { changesWhatIsTrained, scopesOf } from "./fixScope.ts";

/** A case that differs from every preset in all that a fix may touch. */
const odd: TrainingCase = {
  ...presets.published,
  model: {
    inputs: 3,
    layers: [
      { units: 2, activation: "linear" },
      { units: 3, activation: "sigmoid" },
    ],
    forgetBias: 0.5,
    cellClip: 7,
  },
  loss: {
    kind: "cosine",
    axis: "embedding",
    normalise: { kind: "epsilon", epsilon: 0.5 },
    padding: "masked",
    l2: 3,
  },
  optimizer: {
    ...presets.published.optimizer,
    learningRate: 0.5,
    clip: { kind: "value", limit: 9 },
    skipNonFinite: true,
  },
};

function deepFrozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFrozen);
  return value;
}

const named = (name: string): Fix => {
  const fix = fixNamed(name);
  if (fix === undefined) throw new Error(`no fix ${name}`);
  return fix;
};

/** The fields, as a.b.c, in which two documents differ. */
function differences(one: unknown, other: unknown, path = ""): string[] {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other ? [] : [path];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) =>
    differences(Reflect.get(one, key), Reflect.get(other, key), path ? `${path}.${key}` : key),
  );
}

describe("fixes", () => {
  it("are found by their names, each name once, and the presets are among them", () => {
    const names = fixes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(PRESET_NAMES));
    for (const fix of fixes) expect(fixNamed(fix.name)).toBe(fix);
    expect(fixNamed("constructor")).toBeUndefined();
  });

  it.each(fixes)("$name leaves its argument alone, makes valid cases, and twice is once", (fix) => {
    for (const testCase of [odd, ...Object.values(presets)]) {
      const once = fix.apply(deepFrozen(structuredClone(testCase)));
      expect(trainingCaseSchema.safeParse(once).error).toBeUndefined();
      if (fix.name !== "learning-rate-tenth") expect(fix.apply(once)).toEqual(once);
    }
  });

  const CHANGES: [name: string, changes: string[]][] = [
    ["tanh-cells", ["model.layers.0.activation", "model.layers.1.activation"]],
    ["cell-clip", ["model.cellClip"]],
    ["safe-normalise", ["loss.normalise.kind", "loss.normalise.epsilon"]],
    ["clip-by-global-norm", ["optimizer.clip.kind", "optimizer.clip.limit"]],
    ["l2", ["loss.l2"]],
    ["l2-strong", ["loss.l2"]],
    ["learning-rate-tenth", ["optimizer.learningRate"]],
  ];
  it.each(CHANGES)("%s changes what it names and nothing else", (name, changes) => {
    expect(differences(odd, named(name).apply(odd))).toEqual(changes);
  });

  it.each(PRESET_NAMES)("preset %s contributes its loss, clips and skipping only", (name) => {
    const fixed = named(name).apply(odd);
    const preset: TrainingCase = presets[name];
    expect(fixed.loss).toEqual(preset.loss);
    expect(fixed.optimizer).toEqual({
      ...odd.optimizer,
      clip: preset.optimizer.clip,
      skipNonFinite: preset.optimizer.skipNonFinite,
    });
    expect("cellClip" in fixed.model).toBe(preset.model.cellClip !== undefined);
    expect(fixed.model.cellClip).toBe(preset.model.cellClip);
    expect(fixed.model.gradientClip).toBe(preset.model.gradientClip);
    const kept = (testCase: TrainingCase) => ({
      ...testCase,
      loss: null,
      optimizer: null,
      model: { ...testCase.model, cellClip: null, gradientClip: null },
    });
    expect(kept(fixed)).toEqual(kept(odd));
  });

  it("carries the strengths that the literature of this program names", () => {
    expect(named("l2").apply(odd).loss.l2).toBe(0.001);
    expect(named("l2-strong").apply(odd).loss.l2).toBe(0.01);
    expect(named("cell-clip").apply(odd).model.cellClip).toBe(50);
    expect(named("clip-by-global-norm").apply(odd).optimizer.clip).toEqual({ kind: "globalNorm", limit: 1 });
    expect(named("learning-rate-tenth").apply(odd).optimizer.learningRate).toBe(0.05);
  });

  const ours = fixes.filter((fix) => PRESET_NAMES.every((name) => name !== fix.name));
  it.each(ours)("$name is marked by what it changes", (fix) => {
    expect(scopesOf(odd, fix.apply(odd))).toEqual([fix.acts]);
  });
});

describe("what is trained", () => {
  it("is another with another loss, and the same with whatever keeps it finite", () => {
    const changing = fixes.filter((fix) => changesWhatIsTrained(odd, fix.apply(odd)));
    expect(changing.map(({ name }) => name)).toEqual([
      "safe-normalise",
      "published",
      "published-l2",
      "published-clip",
      "hardened",
    ]);
    const { published } = presets;
    expect(changesWhatIsTrained(published, (fixNamed("published-clip") as Fix).apply(published))).toBe(false);
    expect(changesWhatIsTrained(published, { ...published, loss: { ...published.loss, l2: 0.01 } })).toBe(
      false,
    );
  });
});

describe("the scope of a change", () => {
  const { optimizer } = odd;
  const CHANGES: [what: string, after: TrainingCase, scopes: string[]][] = [
    ["nothing", structuredClone(odd), []],
    ["the start", { ...odd, init: { kind: "glorot", seed: "2", scale: 1 } }, ["training"]],
    ["a decay", { ...odd, optimizer: { ...optimizer, beta2: 0.9 } as typeof optimizer }, ["training"]],
    ["Adam's epsilon", { ...odd, optimizer: { ...optimizer, epsilon: 0 } as typeof optimizer }, ["step"]],
    ["Adam's form", { ...odd, optimizer: { ...optimizer, form: "tfjs" } as typeof optimizer }, ["step"]],
    ["the forget bias", { ...odd, model: { ...odd.model, forgetBias: 0 } }, ["step"]],
    ["the axis and L2", { ...odd, loss: { ...odd.loss, axis: "time", l2: 0 } }, ["step", "training"]],
  ];
  it.each(CHANGES)("%s", (_, after, scopes) => {
    expect(scopesOf(odd, after)).toEqual(scopes);
  });
});
