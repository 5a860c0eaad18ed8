import { describe, expect, it } from "vitest";
import { presets } from "../programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { Diagnosis } from "../programs/lstm/diagnosis/diagnosis.ts";
import { type Differs, FINITE, plainRecord } from "../programs/lstm/engines/testing/plainRecord.ts";
import { clippedGradients } from "../programs/lstm/invariants/clippedGradients.ts";
import { lossInRange } from "../programs/lstm/invariants/lossInRange.ts";
import type { StepRecord } from "../programs/stepRecord.ts";
import type { Trajectory } from "../programs/trajectory.ts";
import { boundedGradients } from "./boundedGradients.ts";
import { finiteGradients } from "./finiteGradients.ts";
import { finiteLoss } from "./finiteLoss.ts";
import { finiteWeights } from "./finiteWeights.ts";
import type { Invariant } from "./invariant.ts";
import { notStalled } from "./notStalled.ts";

const { hardened } = presets;
const record = plainRecord;

const completed = (...records: StepRecord[]): Trajectory<Diagnosis> => ({
  status: "completed",
  steps: records.length,
  records,
});
/** Three steps, the second one different. */
const second = (differs: Differs) => completed(record(1), record(2, differs), record(3));
const dead = (differs: Differs): Trajectory<Diagnosis> => {
  const fatal = record(2, differs);
  const diagnosis = { signature: "forward/recurrence-overflow/relu" } as Diagnosis;
  return {
    status: "failed",
    steps: 2,
    records: [record(1), fatal],
    death: { step: 2, record: fatal, diagnosis },
  };
};
const without = (...names: (keyof typeof FINITE)[]) => ({
  ...FINITE,
  ...Object.fromEntries(names.map((name) => [name, false])),
});
const clip = (kind: "globalNorm" | "value" | "none"): TrainingCase => ({
  ...hardened,
  model: { ...hardened.model, inputs: 1, layers: [{ units: 1, activation: "tanh" }] },
  optimizer: { ...hardened.optimizer, clip: kind === "none" ? { kind } : { kind, limit: 0.5 } },
});

/** Each with a step that breaks it, and words of the message. */
const broken: [Invariant, Differs, string][] = [
  [finiteLoss, { loss: Number.NaN, finite: without("loss") }, "the loss is NaN"],
  [
    finiteGradients,
    { rawGradientNorm: Number.POSITIVE_INFINITY, finite: without("rawGradients") },
    "Infinity",
  ],
  [finiteWeights, { weightNorm: Number.NaN, finite: without("weights") }, "a weight is not finite"],
  [boundedGradients(), { rawGradientNorm: 1.1e18 }, "1100000000000000000, not below 1000000000000000000"],
  [boundedGradients(), { rawGradientNorm: Number.NaN }, "NaN"],
  [boundedGradients(3.5), { rawGradientNorm: 3.5 }, "3.5, not below 3.5"],
  [clippedGradients, { appliedGradientNorm: 1.0001 }, "1.0001, over 1"],
  [clippedGradients, { appliedGradientNorm: Number.NaN }, "NaN"],
  [lossInRange, { cosineDistance: -0.001 }, "-0.001"],
  [lossInRange, { cosineDistance: 2.001 }, "2.001"],
  [lossInRange, { cosineDistance: Number.NaN }, "NaN"],
  [notStalled, { finite: without("moments") }, "frozen"],
];

describe.each(broken)("$name", (invariant, differs, message) => {
  it("holds over a run without such a step", () => {
    expect(invariant.check(second({}), hardened)).toEqual({ status: "holds" });
  });

  it("is violated at the step that breaks it", () => {
    const verdict = invariant.check(second(differs), hardened);
    expect(verdict).toMatchObject({ status: "violated", step: 2, signature: null });
    expect(verdict).toHaveProperty("message", expect.stringContaining(message));
  });

  it("names the signature where the run died at that step", () => {
    expect(invariant.check(dead(differs), hardened)).toMatchObject({
      status: "violated",
      signature: "forward/recurrence-overflow/relu",
    });
  });

  it("is open where the run ended before its end", () => {
    expect(invariant.check(dead({}), hardened)).toMatchObject({ status: "inconclusive" });
    const interrupted: Trajectory<Diagnosis> = { status: "interrupted", steps: 1, records: [record(1)] };
    expect(invariant.check(interrupted, hardened)).toMatchObject({ status: "inconclusive" });
  });

  it("is open where only the last steps are on record", () => {
    const long: Trajectory<Diagnosis> = { status: "completed", steps: 9, records: [record(9)] };
    expect(invariant.check(long, hardened)).toHaveProperty("reason", expect.stringContaining("last 1 of 9"));
  });
});

describe("the clip", () => {
  const applied = (norm: number, differs: Differs = {}) => second({ appliedGradientNorm: norm, ...differs });

  it("by norm leaves its limit, and rounding", () => {
    expect(clippedGradients.check(applied(1), clip("globalNorm")).status).toBe("violated");
    expect(
      clippedGradients.check(completed(record(1, { appliedGradientNorm: 0.500004 })), clip("globalNorm")),
    ).toEqual({ status: "holds" });
    const largest = 0.5 * (1 + 1e-5);
    expect(
      clippedGradients.check(completed(record(1, { appliedGradientNorm: largest })), clip("globalNorm")),
    ).toEqual({ status: "holds" });
    expect(
      clippedGradients.check(completed(record(1, { appliedGradientNorm: 0.50001 })), clip("globalNorm"))
        .status,
    ).toBe("violated");
  });

  it("by value leaves sqrt(parameters) times its limit", () => {
    const twelve = 0.5 * Math.sqrt(12);
    expect(clippedGradients.check(applied(twelve), clip("value"))).toEqual({ status: "holds" });
    expect(clippedGradients.check(applied(twelve * 1.001), clip("value")).status).toBe("violated");
  });

  it("that is none leaves everything", () => {
    expect(clippedGradients.check(applied(1e30), clip("none"))).toEqual({ status: "holds" });
  });

  it("asks nothing of a step that was left out", () => {
    expect(clippedGradients.check(applied(9, { skipped: true }), hardened)).toEqual({ status: "holds" });
  });
});

describe("ten updates left out in a row", () => {
  const steps = (skipped: (step: number) => boolean) =>
    completed(...Array.from({ length: 30 }, (_, i) => record(i + 1, { skipped: skipped(i + 1) })));

  it("are a stall", () => {
    expect(
      notStalled.check(
        steps((step) => step > 12),
        hardened,
      ),
    ).toMatchObject({ step: 22, status: "violated" });
  });

  it("nine are not", () => {
    expect(
      notStalled.check(
        steps((step) => step % 10 !== 0),
        hardened,
      ),
    ).toEqual({ status: "holds" });
  });
});

it("a gradient limit of 0 is refused", () => {
  expect(() => boundedGradients(0)).toThrow(
    expect.objectContaining({ code: "NANPROOF_E_ARGUMENT", message: "limit is 0: give a number over 0" }),
  );
});
