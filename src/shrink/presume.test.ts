import { describe, expect, it } from "vitest";
import type { Diagnosis } from "../programs/death.ts";
import { deleteRuns, type Pass } from "../programs/pass.ts";
import type { Host } from "../programs/program.ts";
import { shrinkStep } from "./shrinkStep.ts";

type Numbers = readonly number[];

/** Drops numbers of a step. */
const drop: Pass<Numbers> = {
  name: "numbers",
  candidates: (from) =>
    deleteRuns(
      from,
      (step) => step.length,
      (step, start, size) => step.toSpliced(start, size),
    ),
};

const dies = (signature: string): Diagnosis => ({
  signature,
  mechanism: "planted",
  site: { phase: "forward" },
});
const sum = (step: Numbers) => step.reduce((total, value) => total + value, 0);

/**
 * A planted program: a step dies where its sum is over 10, of "a" where it holds a 7 and of "b" else. Both seem the same.
 * @param slow True where examining a step is said to take long.
 */
function planted(slow: boolean) {
  const looks: Numbers[] = [];
  const seemed: Numbers[] = [];
  const program = {
    shrinking: {
      passes: [drop],
      trimming: [],
      compare: (a: Numbers, b: Numbers) => a.length - b.length,
      withoutRest: () => null,
      neighbours: () => [],
      isOtherBug: () => false,
    },
    examine: (_: unknown, step: Numbers) => {
      looks.push(step);
      if (sum(step) <= 10) return { kind: "lives" };
      return { kind: "dies", death: dies(step.includes(7) ? "a" : "b"), metZero: false };
    },
    seemsToDie: (_: unknown, step: Numbers) => {
      seemed.push(step);
      return sum(step) > 10;
    },
    isSlowToExamine: () => slow,
  };
  const host = { name: "planted", version: "1", program } as unknown as Host<unknown, Numbers>;
  return { host, looks, seemed };
}

describe("steps that take long to go over", () => {
  it("are judged by what they seem to die of, and the last one is gone over", async () => {
    const { host, looks, seemed } = planted(true);
    const start = [7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9];
    const shrunk = await shrinkStep(host, { step: start, death: dies("a") });
    expect(shrunk).toMatchObject({ step: [7, 1, 1, 1, 1], minimal: true, death: { signature: "a" } });
    expect(looks.length).toBeLessThan(seemed.length);
  });

  it("that seemed the same and were not are taken back, and gone over one by one", async () => {
    const { host } = planted(true);
    // The first drop leaves 11 alone, which dies of "b".
    const start = [7, 1, 1, 1, 11];
    const shrunk = await shrinkStep(host, { step: start, death: dies("a") });
    const slow = await shrinkStep(planted(false).host, { step: start, death: dies("a") });
    expect(shrunk?.step).toEqual(slow?.step);
    expect(shrunk).toMatchObject({ step: [7, 11], minimal: true, death: { signature: "a" } });
  });

  it("end within a budget at a step that was gone over", async () => {
    for (let candidates = 1; candidates < 12; candidates++) {
      const { host } = planted(true);
      const shrunk = await shrinkStep(
        host,
        { step: [7, 1, 1, 1, 11], death: dies("a") },
        { budget: { candidates } },
      );
      expect(shrunk?.step).toContain(7);
    }
  });
});
