import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diagnose, type TraceDiagnosis } from "../diagnosis/diagnose.ts";
import { WORDS } from "../diagnosis/words.ts";
import { planted, startHost } from "./hostProcess.ts";
import { markedLine, readTrace } from "./trace.ts";

/** Runs a planted program until it dies or ends, and diagnoses the trace of its last step. */
async function diagnosed(name: string, knobs: object = {}): Promise<TraceDiagnosis | null> {
  const host = await startHost(planted(name));
  try {
    await host.ask("open", { knobs, seed: 1, steps: 3 });
    await host.ask("advance", { steps: 3 });
    const [state, batch, out] = ["state", "batch", "trace"].map((file) => join(host.folder, file));
    await host.ask("save", { which: "before", state, batch });
    await host.ask("trace", { state, batch, out });
    return diagnose(readTrace(out as string));
  } finally {
    await host.end();
  }
}

/** The signature of each planted program, and what is said of it beside. */
const DEATHS = [
  ["exp-overflow", "forward/exp-overflow/Exp", { lineOf: "operation", index: [1] }],
  ["log-of-zero", "forward/log-of-zero/Log", { lineOf: "operation", index: [1] }],
  ["log-of-negative", "forward/log-of-negative/Log", { lineOf: "operation", index: [1] }],
  ["division-by-zero", "forward/division-by-zero/RealDiv", { lineOf: "operation", index: [1] }],
  ["reciprocal-overflow", "backward/reciprocal-overflow/RealDiv", { lineOf: "forward", index: [1] }],
  ["zero-over-zero", "forward/zero-over-zero/RealDiv", { lineOf: "operation", index: [] }],
  ["root-gradient-at-zero", "backward/root-gradient-at-zero/RealDiv", { lineOf: "forward" }],
  ["masked-branch", "backward/masked-branch/RealDiv", { lineOf: "forward", index: [1] }],
  ["masked-exponential", "backward/masked-branch/Multiply", { lineOf: "forward", index: [1] }],
  ["masked-root", "backward/masked-branch/RealDiv", { lineOf: "forward", index: [1] }],
  ["infinity-minus-infinity", "forward/infinity-minus-infinity/Sub", { lineOf: "operation" }],
  ["product-overflow", "forward/product-overflow/Multiply", { lineOf: "operation", index: [1] }],
  ["sum-of-squares-overflow", "forward/sum-of-squares-overflow/Square", { lineOf: "operation", index: [1] }],
  ["softmax-of-nothing", "forward/softmax-of-nothing/Softmax", { lineOf: "operation", index: [1, 0] }],
  ["non-finite-input", "forward/non-finite-input/Multiply", { tensor: "batch/0", index: [1] }],
  ["non-finite-weight", "forward/non-finite-weight/Multiply", { tensor: "weight/w", index: [1] }],
  ["non-finite-clip-norm", "update/non-finite-clip-norm/Square", { lineOf: "operation" }],
] as const;

/** Those that die in the optimizer, at the call of `step`. */
const UPDATES = [
  ["second-moment-overflow", "update/second-moment-overflow/Square", { tensor: "slot/w/v" }],
  ["update-overflow", "update/update-overflow/Multiply", { tensor: "weight/w" }],
  ["zero-epsilon", "update/zero-over-zero/RealDiv", { tensor: "weight/w" }],
] as const;

describe("the diagnosis of a program that died", () => {
  it.each(DEATHS)("of %s is %s", async (name, signature, site) => {
    const found = await diagnosed(`${name}.mjs`);
    expect(found?.signature).toBe(signature);
    expect(found?.site).toMatchObject(site);
    expect(found?.site).toMatchObject({
      file: planted(`${name}.mjs`),
      line: markedLine(planted(`${name}.mjs`), "dies here"),
    });
  });

  it.each(UPDATES)("of %s is %s", async (name, signature, site) => {
    const found = await diagnosed(`${name}.mjs`);
    expect(found?.signature).toBe(signature);
    expect(found?.site).toMatchObject(site);
    const line = markedLine(planted(`${name}.mjs`), "called here");
    expect(found?.site).toMatchObject({ line, lineOf: "call" });
  });

  it("of a recurrence names the factor a timestep, and the timestep at which it passes float32", async () => {
    const found = await diagnosed("recurrence-overflow.mjs");
    expect(found?.signature).toBe("forward/recurrence-overflow/BatchMatMul");
    expect(found?.site).toMatchObject({ timestep: 64, execution: 64 });
    const line = markedLine(planted("recurrence-overflow.mjs"), "dies here");
    expect(found?.sentence).toBe(
      `A recurrence overflows: BatchMatMul at recurrence-overflow.mjs:${line}; its output grows by a factor of 4 a timestep and passes float32 (3.4e+38) at timestep 64.`,
    );
  });

  it("of a recurrence behind a gate that saturates is the overflow, not the gradient that shows it", async () => {
    const found = await diagnosed("recurrence-saturated.mjs");
    expect(found?.signature).toBe("forward/recurrence-overflow/BatchMatMul");
    const line = markedLine(planted("recurrence-saturated.mjs"), "dies here");
    expect(found?.site).toMatchObject({ line, timestep: 49 });
    expect(found?.sentence).toContain("by a factor of 5.85 a timestep");
  });

  it("of a layer's recurrence names the layer, and the factor", async () => {
    const found = await diagnosed("recurrence-layer.mjs");
    expect(found?.signature).toBe("forward/recurrence-overflow/_FusedMatMul");
    expect(found?.site.layer).toMatch(/^lower/);
    expect(found?.sentence).toContain("by a factor of 3 every 2 executions");
  });

  it("has a planted program for each mechanism that tensorflow.js has", () => {
    const named = [...DEATHS, ...UPDATES].map(([, signature]) => signature.split("/")[1] as string);
    const others = [
      "recurrence-overflow",
      "half-precision-overflow",
      "root-of-negative",
      "unknown-operation",
    ];
    expect(new Set([...named, ...others])).toEqual(new Set(Object.keys(WORDS)));
  });
});

describe("what ends without harm", () => {
  it.each([
    ["none", undefined, ""],
    ["division", "forward/division-by-zero/RealDiv", "dies here"],
    ["update", "update/update-overflow/Multiply", "called here"],
  ])("is not taken for the site: %s", async (death, signature, mark) => {
    const found = await diagnosed("harmless.mjs", { death });
    expect(found?.signature).toBe(signature);
    if (mark !== "") expect(found?.site.line).toBe(markedLine(planted("harmless.mjs"), mark));
  });

  it("is no death of the program that was planted before", async () => {
    expect(await diagnosed("innocent.mjs", { death: false })).toBe(null);
  });

  it("is not taken for the site where all of it is NaN in the end", async () => {
    expect((await diagnosed("innocent.mjs", { death: true }))?.signature).toBe("forward/exp-overflow/Exp");
  });
});
