import { describe, expect, it } from "vitest";
import type { Finding } from "../findings/finding.ts";
import { plainRecord } from "../programs/lstm/engines/testing/plainRecord.ts";
import {
  epochBlock as blockLines,
  type EpochReport,
  trainSummary as summaryLines,
  type TrainReport,
  trainJson,
} from "./train.ts";

const record = plainRecord(1, {
  loss: 0.5,
  rawGradientNorm: 1,
  layers: [
    { maxCell: 1234, maxHidden: 1, gradientNorm: 1, maxWeight: 1 },
    { maxCell: 0.5, maxHidden: 1, gradientNorm: 1, maxWeight: 1 },
  ],
});

const epochBlock = (report: EpochReport) => blockLines(report).join("\n");
const trainSummary = (report: TrainReport) => summaryLines(report).join("\n");

describe("epochBlock", () => {
  const epoch = { epoch: 83, epochs: 100, seconds: 499.2, loss: 0.9914, validationLoss: 0.9722 };

  it("has the form that the original program printed", () => {
    expect(epochBlock({ ...epoch, loss: 0.5, validationLoss: 0.25 })).toBe(
      "Epoch 83/100\n\tTime : 499 s\tLoss : 0.5\tVal Loss : 0.25",
    );
  });

  it("prints NaN as Python does, and no validation where there is none", () => {
    expect(epochBlock({ ...epoch, loss: Number.NaN, validationLoss: null })).toBe(
      "Epoch 83/100\n\tTime : 499 s\tLoss : nan",
    );
  });
});

describe("trainSummary", () => {
  const layer = { units: 3, activation: "relu" } as const;
  const report = {
    model: { inputs: 1, layers: [layer, layer], forgetBias: 1 },
    epoch: 2,
    msPerStep: 12.345,
    stoppedEarly: null,
    captured: null,
  };

  it("of a run that lived", () => {
    expect(
      trainSummary({ ...report, trajectory: { status: "completed", steps: 2, records: [record, record] } }),
    ).toBe("completed finite: 2 steps, 12.3 ms a step, last loss 0.5");
  });

  it("of a run that its alarm has ended says at which step, and why", () => {
    const stopped = {
      ...report,
      trajectory: { status: "interrupted" as const, steps: 2, records: [record] },
      stoppedEarly: { step: 2, gauge: "max |cell|", level: 24.5, predicted: 9 },
    };
    expect(summaryLines(stopped)).toEqual([
      "stopped early at step 2 (epoch 2), after 2 steps, 12.3 ms a step; last loss 0.5",
      "  warning: float32 may overflow: max |cell| is past 1e24 at step 2; about step 9 if it grows on like this",
    ]);
    expect(trainJson(stopped)).toMatchObject({ status: "stoppedEarly", step: 2 });
  });

  it("of a run that was interrupted says what was learned, be it nothing", () => {
    expect(
      trainSummary({ ...report, trajectory: { status: "interrupted", steps: 1, records: [record] } }),
    ).toBe(
      "interrupted in epoch 2 after 1 steps, 12.3 ms a step; last loss 0.5; max |cell| by layer 1.2e+3, 5.0e-1",
    );
    expect(trainSummary({ ...report, trajectory: { status: "interrupted", steps: 0, records: [] } })).toBe(
      "interrupted in epoch 2 after 0 steps, 12.3 ms a step; last loss none",
    );
  });

  it("of a run that died says what was still finite, and that nothing was written", () => {
    const fatal = { ...record, step: 2, finite: { ...record.finite, gradients: false, weights: false } };
    const death = { step: 2, record: fatal, diagnosis: null };
    const text = trainSummary({
      ...report,
      trajectory: { status: "failed", steps: 2, records: [record, fatal], death },
    });
    expect(text).toMatch(
      /^died at step 2 \(epoch 2\), after 2 steps, 12\.3 ms a step: gradients, weights not finite, loss still 0\.5\n/,
    );
    expect(text).toContain("one step before: loss 0.5, gradient norm 1, max |cell| by layer 1.2e+3, 5.0e-1");
    expect(text).toMatch(/\nno fixture was written: /);
  });

  it("says what the known fixes do about a death, and what tries those that were not tried", () => {
    const death = { step: 2, record, diagnosis: null };
    const size = { rows: 1, time: 2, layers: 1, units: 400, steps: 1, numbers: 2e6, nonZero: 2e6 };
    const text = (more: object) =>
      trainSummary({
        ...report,
        trajectory: { status: "failed", steps: 2, records: [record], death },
        captured: {
          fixture: "x/y z.json",
          contents: {
            ...{ grade: "step", expected: { reproducesOn: ["explorer"] }, provenance: {} },
            ...{ sentence: "s", size, minimal: false, ...more },
          } as unknown as Finding["fixture"],
          confirmed: false,
          before: size,
          slips: [],
        },
      });
    expect(text({})).toContain(
      "not tried on it; this does that:\n    npx nanproof replay 'x/y z.json' --update\n",
    );
    const judged = { fixes: { holds: ["tanh-cells", "hardened"], fails: ["safe-normalise"] } };
    expect(text(judged)).toContain("\n  holds under tanh-cells, hardened; dies under safe-normalise\n");
    expect(text(judged)).toContain("\n  not judged on one step: cell-clip, clip-by-global-norm, l2, ");
    expect(text(judged)).not.toContain("--update");
    expect(text({ ...judged, provenance: { run: {} } })).toContain(
      "published-clip\n    npx nanproof shrink 'x/y z.json' --run\n",
    );
    expect(text({ grade: "run", fixes: { holds: [], fails: ["l2"] } })).toContain(
      "\n  holds under none; dies under l2\n  not judged on a run, since they act within one step: tanh-cells, ",
    );
  });
});
