import { describe, expect, it } from "vitest";
import type { Host } from "../program.ts";
import type { HostRecord } from "../protocol.ts";
import { finite } from "../stepInvariant.ts";
import type { ProgramCase } from "./case.ts";
import type { ProgramDiagnosis } from "./diagnosis.ts";
import { ProgramError } from "./errors.ts";
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

type Where = NonNullable<HostRecord["dead"]>["where"];

/** The step with other weights, so that it is run by itself. */
const stepOf = (weight: number): ProgramStep => ({
  ...step,
  state: {
    tensors: new Map([["weight/w", { dtype: "U8", shape: [1], bytes: new Uint8Array([weight]) }]]),
    metadata: {},
  },
});

/** A program whose step dies in the part that its weight counts, and that refuses to name a death where it is told to. */
function dyingIn(parts: readonly Where[], names: "names deaths" | "refuses to" = "names deaths") {
  const death = { signature: "forward/log-of-zero/Log", mechanism: "log-of-zero", site: null, because: "" };
  const hosting = {
    records: new Map(),
    examined: new Map(),
    partOf: new WeakMap(),
    async ranOnce({ state }: ProgramStep): Promise<HostRecord> {
      const where = parts[state.tensors.get("weight/w")?.bytes[0] ?? 0] ?? "loss";
      return { step: 2, loss: 1, dead: { where, tensor: null }, skipped: false, gauges: {} };
    },
    async namedStep() {
      if (names === "names deaths") return death;
      throw new ProgramError("unsupported", "it cannot be traced", "leave it");
    },
  };
  return { hosting, invariants: [finite] } as unknown as Host<ProgramCase, ProgramStep, ProgramDiagnosis>;
}

describe("a step that is looked at without being traced", () => {
  it("seems to die of a death that was named where the same part of it is not finite", async () => {
    const host = dyingIn(["weights", "weights", "gradients"]);
    const found = await personsProgram.examine(host, stepOf(0));
    if (found.kind !== "dies") throw new Error("the step lives");
    expect(await personsProgram.seemsToDie?.(host, stepOf(1), found.death)).toBe(true);
    expect(await personsProgram.seemsToDie?.(host, stepOf(2), found.death)).toBe(false);
  });

  it("dies of what is not finite where its program refuses to have it named", async () => {
    const found = await personsProgram.examine(dyingIn(["gradients"], "refuses to"), stepOf(0));
    expect(found).toMatchObject({ kind: "dies", death: { because: "a gradient is not finite" } });
  });
});
