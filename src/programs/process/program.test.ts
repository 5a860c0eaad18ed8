import { describe, expect, it } from "vitest";
import type { Host } from "../program.ts";
import type { ProgramCase } from "./case.ts";
import type { ProgramDiagnosis } from "./diagnosis.ts";
import { personsProgram } from "./program.ts";
import type { ProgramStep } from "./step.ts";

const step: ProgramStep = {
  case: { schemaVersion: 1, knobs: {}, seed: 1, steps: 3, cutOutAt: 2 },
  state: { tensors: new Map(), metadata: {} },
  batch: { tensors: new Map([["0", { dtype: "F32", shape: [1], bytes: new Uint8Array(4) }]]), metadata: {} },
};

/** What a capture of the step says of it, where a host of the language ran it with three threads. */
function marksOn(language: "python" | "javascript", of = step) {
  const hosting = { language, order: { threads: 3 } };
  return personsProgram.captureMarks?.(of, { hosting } as unknown as Host<
    ProgramCase,
    ProgramStep,
    ProgramDiagnosis
  >);
}

describe("a capture of a step of a program", () => {
  it("has the threads that its sums were split among, where the language has any", () => {
    expect(marksOn("python")).toMatchObject({ threads: 3 });
    expect(marksOn("javascript")).not.toHaveProperty("threads");
  });

  it("tells its batch from another one by a digest", () => {
    const { batchSha256 } = marksOn("python") ?? {};
    expect(batchSha256).toMatch(/^[0-9a-f]{64}$/);
    const bytes = new Uint8Array([0, 0, 128, 63]);
    const other = {
      ...step,
      batch: { tensors: new Map([["0", { dtype: "F32", shape: [1], bytes }]]), metadata: {} },
    };
    expect(marksOn("python", other as ProgramStep)?.batchSha256).not.toBe(batchSha256);
    expect(marksOn("javascript")?.batchSha256).toBe(batchSha256);
  });
});
