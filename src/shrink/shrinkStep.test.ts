import { describe, expect, it } from "vitest";
import { runToDeath } from "../findings/runToDeath.ts";
import { maxAbs } from "../numerics/measure.ts";
import type { CapturedStep } from "../programs/lstm/cases/capturedStep.ts";
import { compareCases } from "../programs/lstm/cases/order.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";
import { examineStep } from "../programs/lstm/diagnosis/examine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { orderedStep, scaleWeights, stepSize, tensorsOf } from "../programs/lstm/shrinking/edits/numbers.ts";
import { PASSES } from "../programs/lstm/shrinking/passes/index.ts";
import { syntheticRun } from "../programs/lstm/shrinking/testing/dyingRun.ts";
import type { DyingStep } from "../programs/pass.ts";
import { Search } from "./search.ts";
import { type ShrunkStep, shrinkStep } from "./shrinkStep.ts";

const engine = await openEngine("explorer");

/** Dies in layer 0 alone; of both relu layers; of a discarded step. */
const runs = [
  syntheticRun({ seed: "14", units: 16, time: 95, learningRate: 0.3, axis: "embedding", uneven: 1 }),
  syntheticRun({ seed: "17", units: 16, time: 85, learningRate: 0.1, axis: "time", uneven: 9 }),
  syntheticRun({ seed: "5", units: 24, time: 64, learningRate: 0.1, axis: "time", uneven: 2 }),
];

type Dying = DyingStep<CapturedStep, Diagnosis>;
const shrunk: { from: Dying; to: ShrunkStep<CapturedStep, Diagnosis> }[] = [];
for (const run of runs) {
  const { dead } = await runToDeath(engine, run, { folder: "." });
  const from = dead?.fatal;
  const to = from && (await shrinkStep(engine, from));
  if (!from || !to) throw new Error("the run lives");
  shrunk.push({ from, to });
}

/** Every candidate of every pass at a step, each refused. */
async function candidatesAt(found: Dying) {
  const tried = [];
  const search = await Search.from(engine, found, { margin: true });
  if (search === null) throw new Error("the shrunk step lives");
  search.endSlack();
  for (const pass of PASSES) {
    const stream = pass.candidates(search.current, engine);
    for (let next = stream.next(); !next.done; next = stream.next(null))
      tried.push({
        pass: pass.name,
        candidate: next.value,
        accepted: (await search.accepts(next.value)) !== null,
      });
  }
  return tried;
}

describe("a shrunk step", () => {
  it("is made of each dying run", () => expect(shrunk.length).toBe(runs.length));

  it("dies of the same signature, is simpler and says that it is minimal", () => {
    for (const { from, to } of shrunk) {
      expect(to.death.signature).toBe(from.death.signature);
      expect(compareCases(orderedStep(to.step), orderedStep(from.step))).toBeLessThan(0);
      expect(to.minimal).toBe(true);
      expect(stepSize(to.step).nonZero).toBeLessThan(20);
      expect(stepSize(to.step).units).toBeLessThanOrEqual(3);
    }
  });

  it("is 1-minimal: no single candidate of any pass is accepted any more", async () => {
    for (const { to } of shrunk) {
      const tried = await candidatesAt(to);
      expect(tried.length).toBeGreaterThan(50);
      expect(tried.filter(({ accepted }) => accepted).map(({ pass }) => pass)).toEqual([]);
    }
  });

  it("is not changed by shrinking it again", async () => {
    for (const { to } of shrunk) {
      const again = await shrinkStep(engine, to);
      expect(tensorsOf(again?.step ?? to.step)).toEqual(tensorsOf(to.step));
      expect(again?.minimal).toBe(true);
    }
  });

  it("does not die by a hair: weights that are a ten-thousandth off die the same", () => {
    for (const { to } of shrunk)
      for (const factor of [1 - 1e-4, 1 + 1e-4])
        expect(examineStep(engine, scaleWeights(to.step, factor))).toMatchObject({
          death: { signature: to.death.signature },
        });
  });

  it("has no input past 1000", () => {
    for (const { to } of shrunk) expect(maxAbs([to.step.batch.x])).toBeLessThanOrEqual(1000);
  });

  it("is the same for the same step", async () => {
    const [first] = shrunk;
    const again = first && (await shrinkStep(engine, first.from));
    expect(again && tensorsOf(again.step)).toEqual(first && tensorsOf(first.to.step));
    expect(again?.candidates).toBe(first?.to.candidates);
  });
});

const start = shrunk[0]?.from as Dying;

describe("a budget", () => {
  it("of candidates ends it with the best so far, not minimal, and the same every time", async () => {
    const [once, again] = await Promise.all(
      [0, 1].map(() => shrinkStep(engine, start, { budget: { candidates: 20 } })),
    );
    expect(once?.minimal).toBe(false);
    expect(once?.candidates).toBeGreaterThanOrEqual(20);
    expect(once?.candidates).toBeLessThan(25);
    expect(once && compareCases(orderedStep(once.step), orderedStep(start.step))).toBeLessThan(0);
    expect(once && tensorsOf(once.step)).toEqual(again && tensorsOf(again.step));
  });

  it("of no time, or a signal, ends it at once with what still dies", async () => {
    for (const stop of [{ budget: { ms: 0 } }, { signal: AbortSignal.abort() }]) {
      const found = await shrinkStep(engine, start, stop);
      expect(found).toMatchObject({ minimal: false, death: { signature: start.death.signature } });
    }
  });

  it("tells how far it has come", async () => {
    const told: string[] = [];
    await shrinkStep(engine, start, { onProgress: ({ pass }) => told.push(pass) });
    expect(new Set(told)).toEqual(new Set(PASSES.map(({ name }) => name)));
  });
});

describe("a step that does not die of what it should", () => {
  it("is not shrunk", async () => {
    const { step, death } = start;
    expect(
      await shrinkStep(engine, { step, death: { ...death, signature: "update/update-overflow/relu" } }),
    ).toBeNull();
  });
});
