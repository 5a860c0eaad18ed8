import { describe, expect, it } from "vitest";
import type { DyingStep } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import { unitsOf } from "../../cases/size.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { examineStep } from "../../diagnosis/examine.ts";
import { openEngine } from "../../engines/open.ts";
import { growing } from "../../engines/tfjs/testing/plantedCases.ts";
import { opened } from "../../engines/tfjs/testing/smallCase.ts";
import { bury } from "../testing/bury.ts";
import { merge } from "./merge.ts";

type Dying = DyingStep<CapturedStep, Diagnosis>;

const engine = await openEngine("explorer");

const alone = opened(growing(6));
const verdict = examineStep(engine, alone);

/** The growing unit's death, with many units beside it. */
function amongst(units: number): Dying {
  if (verdict.kind === "lives") throw new Error("the planted step lives");
  return { step: bury(alone, { rows: 0, units, inputs: 0 }, "merge"), death: verdict.death };
}

/** The units of the first candidates, where those are accepted that keep so many. */
function unitsTried(from: Dying, fewest: number, limit = 127): number[] {
  const tried: number[] = [];
  const count = ({ case: testCase }: CapturedStep) => unitsOf(testCase);
  const stream = merge.candidates(from, engine);
  for (let next = stream.next(); !next.done && tried.length < limit; ) {
    tried.push(count(next.value));
    next = stream.next(count(next.value) >= fewest ? { ...from, step: next.value } : null);
  }
  return tried;
}

describe("merge", () => {
  it("takes a large layer in halves, so that few candidates make it small", () => {
    const tried = unitsTried(amongst(199), 3);
    expect(tried.slice(0, 3), "all into one; the smaller half into one, the other too").toEqual([1, 101, 2]);
    expect(tried.indexOf(3)).toBeGreaterThan(0);
    expect(tried.indexOf(3)).toBeLessThan(20);
  });

  it("tries every run of a layer that must stay, down to two units", () => {
    const tried = unitsTried(amongst(127), 128);
    for (const [size, runs] of [
      [64, 2],
      [32, 4],
      [16, 8],
      [2, 64],
    ] as const)
      expect(tried.filter((units) => units === 129 - size).length, `runs of ${size}`).toBe(runs);
  });

  it("takes a layer of up to 64 units pair by pair", () => {
    expect(unitsTried(amongst(63), 60, 6)).toEqual([1, 63, 62, 61, 60, 59]);
  });

  it("takes two units into one, by their ratio and whole either way round", () => {
    expect(unitsTried(amongst(1), 2)).toEqual([1, 1, 1]);
  });
});
