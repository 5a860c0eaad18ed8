import { describe, expect, it } from "vitest";
import type { StoredFixture } from "../fixtures/store.ts";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { DOMAINS, type Domain } from "../programs/lstm/cases/domains.ts";
import { presets } from "../programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { run } from "../programs/lstm/engines/run.ts";
import { growingUnit } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { type Fix, fixNamed } from "../programs/lstm/fixes/fixes.ts";
import { sibling } from "../programs/lstm/fixes/sibling.ts";
import { caseMaker } from "../programs/lstm/generation/caseMaker.ts";
import { remedyJson, remedySummary } from "../reporters/remedy.ts";
import { compareRemedies, type Remedy } from "./remedy.ts";
import { findRemedies, type RemedyOptions } from "./search.ts";

const engine = await openEngine("explorer");
const never = { aborted: false };

async function remediesOf(stored: StoredFixture, options: RemedyOptions) {
  const found = await findRemedies(stored, engine, options);
  if (found === null) throw new Error("the death was not reached");
  return found;
}

// One relu layer of a few units at a high rate: this one dies at step 22, and about half of the other seeds.
const domain: Domain = {
  ...DOMAINS.default,
  layers: { count: { min: 1, max: 1 }, activations: ["relu"] },
  units: { min: 3, max: 8, each: "run" },
  rows: { min: 1, max: 1 },
  batches: { min: 2, max: 2 },
  steps: { min: 40, max: 40 },
};
const dying = caseMaker({ domain, base: presets.published, seed: "since" })({ index: 137, parent: null });
const search = { seeds: 4, own: [], signal: never };

const remedy = (differs: Partial<Remedy>): Remedy => ({
  fix: "any",
  step: "holds",
  run: { lives: true, steps: 10 },
  seeds: { lived: 3, of: 4 },
  loss: 1,
  validationLoss: 1,
  skipped: 0,
  changesWhatIsTrained: false,
  ...differs,
});

describe("the order of remedies", () => {
  it("goes by what is saved, share of seeds, what is trained, loss, skipped updates", () => {
    const best = [
      remedy({ seeds: { lived: 4, of: 4 }, changesWhatIsTrained: true, validationLoss: 9 }),
      remedy({ validationLoss: 0.5, skipped: 9 }),
      remedy({ skipped: 1 }),
      remedy({ skipped: 2 }),
      remedy({ changesWhatIsTrained: true, validationLoss: 0.1 }),
      remedy({ seeds: { lived: 2, of: 4 } }),
      remedy({ step: "fails", run: { lives: false, steps: 3 }, seeds: { lived: 4, of: 4 } }),
    ];
    expect(best.toReversed().sort(compareRemedies)).toEqual(best);
  });
});

describe("the remedies of a run that died", () => {
  it("are what each does to the step, the run and other seeds, and every figure can be run again", async () => {
    const found = await remediesOf(await storedFixture(dying, "run", engine), search);
    const of = (fix: string) => found.remedies.find((one) => one.fix === fix) as Remedy;
    expect(found.whyNoRun).toBeNull();
    expect(found.remedies.map(({ fix }) => fix)).not.toContain("published");
    expect(of("tanh-cells")).toMatchObject({
      step: "holds",
      run: { lives: true, steps: 220 },
      seeds: { of: 4 },
    });
    expect(of("clip-by-global-norm").step).toBe("fails");
    expect(of("learning-rate-tenth").step).toBe("notJudged");
    expect(of("hardened").changesWhatIsTrained).toBe(true);
    for (const { fix, run: judged, seeds } of found.remedies.filter(({ fix }) => fixNamed(fix))) {
      const fixed = (testCase: TrainingCase, steps: number) => ({
        ...(fixNamed(fix) as Fix).apply(testCase),
        steps,
      });
      const again = await run(fixed(dying, 220), { engine });
      expect({ lives: again.status === "completed", steps: again.steps }, fix).toEqual(judged);
      if (seeds === null) continue;
      const runs = [1, 2, 3, 4].map((seed) => run(fixed(sibling(dying, `remedy/${seed}`), 66), { engine }));
      const lived = (await Promise.all(runs)).filter(({ status }) => status === "completed").length;
      expect(seeds, fix).toEqual({ lived, of: 4 });
    }
    const [best] = found.remedies;
    expect(best?.run?.lives).toBe(true);
    const lines = remedySummary(
      "death.json",
      found,
      (fix) => engine.program.trials?.code(fix, engine) ?? null,
    );
    expect(lines.join("\n")).toContain(`first: ${best?.fix}`);
    expect(lines.at(-1)).toMatch(/^ {2}tfjs: /);
    expect(
      Object.keys((remedyJson([{ fixture: "death.json", remedies: found }]) as Remedy[])[0] ?? {}),
    ).toEqual(["fix", "step", "run", "seeds", "loss", "validationLoss", "skipped", "changesWhatIsTrained"]);
  });

  it("have those of the person's own among them", async () => {
    const own: Fix = {
      name: "mine.mjs",
      acts: "step",
      description: "",
      apply: (testCase) => ({ ...testCase, model: { ...testCase.model, cellClip: 7 } }),
    };
    const found = await remediesOf(await storedFixture(dying, "run", engine), {
      ...search,
      seeds: 1,
      own: [own],
    });
    expect(found.remedies.find(({ fix }) => fix === "mine.mjs")).toMatchObject({
      step: "holds",
      run: { lives: true },
    });
  });

  it("are not judged where time is up, once it is known what died", async () => {
    let asked = 0;
    const signal = {
      get aborted() {
        asked += 1;
        return asked > 1;
      },
    };
    const found = await remediesOf(await storedFixture(growingUnit(), "step", engine), { ...search, signal });
    expect(found.remedies.length).toBeGreaterThan(5);
    for (const { step, run: judged, seeds } of found.remedies)
      expect({ step, judged, seeds }).toEqual({ step: "notJudged", judged: null, seeds: null });
    const stored = await storedFixture(dying, "run", engine);
    expect(await findRemedies(stored, engine, { ...search, signal: { aborted: true } })).toBeNull();
  });

  it("are those of the step alone where no run is named, and several fixtures have each its own", async () => {
    const found = await remediesOf(await storedFixture(growingUnit(), "step", engine), search);
    expect(found.whyNoRun).toBe("the fixture names no run that it comes from");
    expect(found.remedies.filter(({ step }) => step === "holds").map(({ fix }) => fix)).toEqual([
      "tanh-cells",
      "cell-clip",
      "hardened",
    ]);
    const two = [
      { fixture: "a.json", remedies: found },
      { fixture: "b.json", remedies: found },
    ];
    expect(remedyJson(two)).toEqual(two.map(({ fixture }) => ({ fixture, remedies: found.remedies })));
  });
});
