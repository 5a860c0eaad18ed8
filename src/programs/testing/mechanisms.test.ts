import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isBad, type Trace } from "../trace/trace.ts";
import { planted, startHost } from "./hostProcess.ts";
import { findSite } from "./site.ts";
import { markedLine, readTrace } from "./trace.ts";

interface Died {
  trace: Trace;
  record: { step: number; loss: unknown; dead: { where: string; tensor: string | null } | null };
}

/** Runs a planted program until it dies or ends, and traces its last step, as the harness does. */
async function die(file: string, knobs: object = {}, env: Record<string, string> = {}): Promise<Died> {
  const host = await startHost(file, env);
  try {
    await host.ask("open", { knobs, seed: 1, steps: 3 });
    const { records } = await host.ask("advance", { steps: 3 });
    const state = join(host.folder, "state");
    const batch = join(host.folder, "batch");
    const before = (await host.ask("digest")).digest;
    await host.ask("save", { which: "before", state, batch });
    const again = await host.ask("run", { state, batch, times: 2 });
    expect(again.digests).toEqual([before, before]);
    const out = join(host.folder, "trace");
    const traced = await host.ask("trace", { state, batch, out });
    const last = (records as Died["record"][]).at(-1) as Died["record"];
    expect((traced.record as Died["record"]).dead).toEqual(last.dead);
    expect((await host.ask("digest")).digest).toBe(before);
    await host.ask("close");
    return { trace: readTrace(out), record: last };
  } finally {
    await host.end();
  }
}

const dies = (name: string) => markedLine(planted(name), "dies here");

describe("a trace of a step that died", () => {
  it.each([
    ["exp-overflow", "forward", "Exp", "loss", "operation", Infinity],
    ["log-of-zero", "forward", "Log", "loss", "operation", -Infinity],
    ["log-of-negative", "forward", "Log", "loss", "operation", Number.NaN],
    ["division-by-zero", "forward", "RealDiv", "loss", "operation", Infinity],
    ["reciprocal-overflow", "backward", "RealDiv", "gradients", "forward", -Infinity],
    ["zero-over-zero", "forward", "RealDiv", "loss", "operation", Number.NaN],
    ["root-gradient-at-zero", "backward", "RealDiv", "gradients", "forward", Infinity],
    ["masked-branch", "backward", "RealDiv", "gradients", "forward", Number.NaN],
    ["infinity-minus-infinity", "forward", "Sub", "loss", "operation", Number.NaN],
    ["product-overflow", "forward", "Multiply", "loss", "operation", Infinity],
    ["sum-of-squares-overflow", "forward", "Square", "loss", "operation", Infinity],
    ["recurrence-overflow", "forward", "BatchMatMul", "loss", "operation", Infinity],
    ["non-finite-clip-norm", "update", "Square", "gradients", "operation", Infinity],
  ])("of %s has the line of it: %s %s", async (name, phase, operation, where, lineOf, value) => {
    const file = planted(`${name}.mjs`);
    const { trace, record } = await die(file);
    expect(record.dead?.where).toBe(where);
    const site = findSite(trace);
    expect(site?.made).toBe(true);
    expect(site?.operation).toMatchObject({ phase, operation, file, line: dies(`${name}.mjs`), lineOf });
    expect(site?.operation.bad?.value).toBe(value);
  });

  it("of a softmax of nothing has the row that holds -Infinity only", async () => {
    const { trace } = await die(planted("softmax-of-nothing.mjs"));
    const softmax = trace.operations.find(
      ({ operation, phase }) => operation === "Softmax" && phase === "forward",
    );
    expect(softmax).toMatchObject({
      line: dies("softmax-of-nothing.mjs"),
      bad: { index: [1, 0], value: Number.NaN },
    });
    expect(softmax?.inputs[0]).toMatchObject({ nan: 0, inf: 3 });
    expect(findSite(trace)).toEqual({ operation: softmax, made: true });
  });

  it.each([
    ["second-moment-overflow", "Square", "slots", "slot/w/v"],
    ["update-overflow", "Multiply", "weights", "weight/w"],
  ])("of %s is in the update, at the call of step", async (name, operation, where, tensor) => {
    const { trace, record } = await die(planted(`${name}.mjs`));
    expect(record.dead).toEqual({ where, tensor });
    const line = markedLine(planted(`${name}.mjs`), "called here");
    expect(findSite(trace)).toMatchObject({
      made: true,
      operation: { phase: "update", operation, line, lineOf: "call" },
    });
  });

  it.each([
    ["non-finite-input", "batch/0", 2],
    ["non-finite-weight", "weight/w", 1],
  ])("of a %s names the tensor that was bad before", async (name, tensor, step) => {
    const { trace, record } = await die(planted(`${name}.mjs`));
    expect(record.step).toBe(step);
    const site = findSite(trace);
    expect(site).toMatchObject({
      made: false,
      operation: { operation: "Multiply", line: dies(`${name}.mjs`) },
    });
    expect(site?.operation.inputs.filter(isBad).map(({ name }) => name)).toEqual([tensor]);
  });

  it("counts a recurrence's timesteps, forward and backward, with magnitudes that grow by one factor", async () => {
    const { trace } = await die(planted("recurrence-overflow.mjs"));
    const line = dies("recurrence-overflow.mjs");
    const products = trace.operations.filter(
      (one) => one.line === line && one.phase === "forward" && one.operation === "BatchMatMul",
    );
    expect(products.map(({ timestep }) => timestep)).toEqual(Array.from({ length: 70 }, (_, t) => t));
    expect(products.map(({ execution, of }) => [execution, of])).toEqual(products.map((_, t) => [t, 70]));
    const grown = products.slice(10, 60).map(({ outputs }) => outputs[0]?.max ?? 0);
    for (const [t, max] of grown.slice(1).entries()) expect(max / (grown[t] ?? 0)).toBeCloseTo(4, 3);
    expect(findSite(trace)?.operation.timestep).toBe(64);
    const backward = trace.operations.filter((one) => one.line === line && one.phase === "backward");
    expect(backward[0]?.timestep).toBe(69);
  });

  it("lists every input of an operation, so that a late one is followed", async () => {
    const { trace } = await die(planted("many-inputs.mjs"));
    expect(trace.operations.find(({ operation }) => operation === "Pack")?.inputs).toHaveLength(12);
    const line = dies("many-inputs.mjs");
    expect(findSite(trace)?.operation).toMatchObject({ operation: "Log", line, execution: 10, of: 12 });
  });

  it("has operands of the number that is bad", async () => {
    const { trace } = await die(planted("division-by-zero.mjs"));
    expect(findSite(trace)?.operation.bad).toEqual({
      output: 0,
      index: [1],
      value: Infinity,
      operands: [1, 0],
    });
  });

  it("ends in the values of loss, gradients, weights and slots", async () => {
    const { trace } = await die(planted("second-moment-overflow.mjs"));
    const made = new Set(trace.operations.flatMap(({ outputs }) => outputs.map(({ id }) => id)));
    const { loss, gradients, weights, slots } = trace.end;
    expect(Object.keys(gradients)).toEqual(["weight/w"]);
    expect(Object.keys(weights)).toEqual(["weight/w"]);
    expect(Object.keys(slots).sort()).toEqual(["slot/w/m", "slot/w/v"]);
    for (const id of [loss, ...[gradients, weights, slots].flatMap((ids) => Object.values(ids))])
      expect(made).toContain(id);
  });

  it("is the same on wasm", async () => {
    const { trace } = await die(planted("masked-branch.mjs"), {}, { NANPROOF_ENGINE: "tfjs-wasm" });
    expect(findSite(trace)?.operation).toMatchObject({ phase: "backward", line: dies("masked-branch.mjs") });
  });
});

describe("numbers that are not finite and harm nobody", () => {
  it("are no death", async () => {
    const { trace, record } = await die(planted("innocent.mjs"));
    expect(record).toMatchObject({ step: 3, dead: null });
    expect(trace.operations.some(({ bad }) => bad !== null)).toBe(true);
    expect(findSite(trace)).toBe(null);
  });

  it("are not taken for the site of another death", async () => {
    const { trace } = await die(planted("innocent.mjs"), { death: true });
    expect(findSite(trace)?.operation).toMatchObject({ operation: "Exp", line: dies("innocent.mjs") });
  });
});
