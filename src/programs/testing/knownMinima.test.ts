import { describe, expect, it } from "vitest";
import { findingOf } from "../../findings/pipeline.ts";
import type { ProgramDiagnosis } from "../process/diagnosis.ts";
import { openProgram } from "../process/open.ts";
import type { ProgramHost } from "../process/program.ts";
import type { ProgramStep } from "../process/step.ts";
import { runSession } from "../run.ts";
import { planted } from "./hostProcess.ts";

/** The smallest step that dies the same way: numbers not 0 in the batch, and in the weights beside them, and why no fewer will do. */
const MINIMA: [program: string, mechanism: string, batch: number, weights: number, why: string][] = [
  ["exp-overflow", "exp-overflow", 1, 1, "both factors of the exponent"],
  ["log-of-zero", "log-of-zero", 0, 0, "0 is what it dies of"],
  ["log-of-negative", "log-of-negative", 1, 0, "the number that is taken away from 0"],
  ["division-by-zero", "division-by-zero", 0, 1, "the dividend: 0 / 0 is another death"],
  ["reciprocal-overflow", "reciprocal-overflow", 1, 2, "the tiny weight, its factor, and the other, whose log is finite"],
  ["zero-over-zero", "zero-over-zero", 0, 0, "0 is what it dies of"],
  ["root-gradient-at-zero", "root-gradient-at-zero", 0, 0, "0 is what it dies of"],
  ["masked-branch", "masked-branch", 0, 0, "0 is what it dies of"],
  ["masked-root", "masked-branch", 0, 0, "0 is what it dies of"],
  ["masked-exponential", "masked-branch", 1, 1, "both factors of the exponent"],
  ["infinity-minus-infinity", "infinity-minus-infinity", 0, 0, "the Infinity is a quotient by 0"],
  ["product-overflow", "product-overflow", 1, 1, "both factors"],
  ["sum-of-squares-overflow", "sum-of-squares-overflow", 1, 0, "the number that is squared"],
  ["recurrence-overflow", "recurrence-overflow", 1, 1, "the input that grows, and the weight that it grows by"],
  ["non-finite-clip-norm", "non-finite-clip-norm", 1, 0, "the factor that is the gradient"],
  ["softmax-of-nothing", "softmax-of-nothing", 0, 0, "nothing is selected"],
  ["second-moment-overflow", "second-moment-overflow", 1, 0, "the factor that is the gradient"],
  ["update-overflow", "update-overflow", 1, 0, "the factor that is the gradient"],
  ["zero-epsilon", "zero-over-zero", 0, 0, "a gradient of 0"],
  ["non-finite-input", "non-finite-input", 1, 0, "the bad number"],
  ["non-finite-weight", "non-finite-weight", 0, 1, "the bad number"],
]; // biome-ignore format: a table

/** Trains a program until it dies, and makes its step as small as it goes. */
async function shrunk(host: ProgramHost) {
  const { steps } = host.hosting.ready;
  const testCase = { schemaVersion: 1 as const, knobs: {}, seed: 1, steps };
  const session = await host.program.open(host, testCase, { folder: "." });
  let captured: ProgramStep | null = null;
  const trajectory = await runSession(host, session, {
    onDeath: async () => {
      captured = await session.cutOut();
    },
  });
  if (trajectory.status !== "failed" || captured === null) throw new Error(`it ${trajectory.status}`);
  const death = trajectory.death.diagnosis as ProgramDiagnosis;
  const origin = {
    nanproof: "0",
    preset: "planted",
    data: "planted",
    seed: "1",
    step: trajectory.death.step,
  };
  return findingOf(host, captured, death, origin, []);
}

describe("a step of a person's program is made as small as it can be", () => {
  it.each(MINIMA)(
    "%s: %s with %i numbers of the batch and %i of the weights: %s",
    async (program, mechanism, batch, weights) => {
      const host = await openProgram({
        file: planted(`${program}.mjs`),
        python: null,
        backend: null,
        threads: 1,
        isFresh: false,
      });
      try {
        const finding = await shrunk(host);
        expect(finding?.fixture.expected.signature).toContain(`/${mechanism}/`);
        const { minimal, size } = finding?.fixture ?? {};
        expect({ minimal, rows: size?.rows, inBatch: size?.nonZeroInBatch, all: size?.nonZero }).toEqual({
          minimal: true,
          rows: 1,
          inBatch: batch,
          all: batch + weights,
        });
        if (program === "recurrence-overflow") expect(size?.time).toBe(65);
      } finally {
        await host.close?.();
      }
    },
    60_000,
  );
});
