import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSafetensors } from "../../documents/readSafetensors.ts";
import { type HostProcess, planted, startHost } from "./hostProcess.ts";
import { findSite } from "./site.ts";
import { markedLine, readTrace } from "./trace.ts";

async function withHost(
  file: string,
  use: (host: HostProcess) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const host = await startHost(planted(file), env);
  try {
    await use(host);
  } finally {
    await host.end();
  }
}

const opening = { knobs: {}, seed: 3, steps: 5 };

describe("a host", () => {
  it("greets with the knobs, and serves case after case alike", async () => {
    await withHost("dense.mjs", async (host) => {
      expect(host.greeting).toMatchObject({
        type: "ready",
        host: "javascript",
        form: "program",
        steps: 5,
        file: { name: "dense.mjs" },
        knobs: {
          units: { kind: "integer", min: 1, max: 8, default: 4 },
          learningRate: { kind: "logUniform", min: 1e-4, max: 1, default: 0.01 },
          inputScale: { kind: "uniform", min: 0.5, max: 1.5, default: 1 },
          activation: { kind: "choice", choices: ["tanh", "relu"], default: "tanh" },
          lengths: { kind: "lengths", rows: [1, 4], time: [0, 5], default: [5, 5, 5, 5] },
        },
        invariants: [{ name: "small-loss" }],
      });
      const seen: unknown[] = [];
      for (const seed of [3, 4, 3]) {
        const opened = await host.ask("open", { ...opening, seed });
        const advanced = await host.ask("advance", { steps: 9 });
        expect(advanced.ended).toBe("finished");
        seen.push({
          state: opened.state,
          records: advanced.records,
          digest: (await host.ask("digest")).digest,
        });
        expect((await host.ask("advance", { steps: 1 })).records).toEqual([]);
        await host.ask("close");
      }
      // Dropout and weights are drawn without a seed: the same seed of the case is the same run, another is another.
      expect(seen[2]).toEqual(seen[0]);
      expect((seen[1] as { records: unknown }).records).not.toEqual(
        (seen[0] as { records: unknown }).records,
      );
      expect(host.stderr()).toContain("training 4");
      expect(host.stderr()).not.toContain("STDOUT");
    });
  });

  it("saves, restores and goes on, and runs a step again to the bit", async () => {
    await withHost("dense.mjs", async (host) => {
      const files = (name: string) => ({
        state: join(host.folder, `${name}.state`),
        batch: join(host.folder, `${name}.batch`),
      });
      await host.ask("open", opening);
      expect((await host.ask("save", { which: "before", ...files("none") })).error).toMatchObject({
        kind: "protocol",
      });
      await host.ask("save", { which: "now", ...files("start") });
      await host.ask("advance", { steps: 3 });
      const now = (await host.ask("digest")).digest;
      await host.ask("save", { which: "now", ...files("now") });
      await host.ask("save", { which: "before", ...files("before") });
      const twice = await host.ask("run", { ...files("before"), times: 2 });
      expect(new Set(twice.digests as string[]).size).toBe(1);
      await host.ask("load", { state: files("now").state });
      expect((await host.ask("digest")).digest).toBe(now);
      const rest = await host.ask("advance", { steps: 5 });
      expect(rest).toMatchObject({ ended: "finished", records: [{ step: 4 }, { step: 5 }] });
      // The same once more, without saving or running between.
      await host.ask("close");
      await host.ask("open", opening);
      const whole = await host.ask("advance", { steps: 5 });
      expect((whole.records as unknown[]).slice(3)).toEqual(rest.records);
      const batch = readSafetensors(readFileSync(files("before").batch));
      expect([...batch.tensors.keys()]).toEqual(["0", "1"]);
      const state = readSafetensors(readFileSync(files("before").state));
      expect([...state.tensors.keys()]).toContain("random/Math.random");
      // A state of other shapes does not fit.
      await host.ask("close");
      await host.ask("open", { ...opening, knobs: { units: 2 } });
      expect((await host.ask("load", { state: files("now").state })).error).toMatchObject({
        kind: "restore",
      });
      expect((await host.ask("load", { state: files("now").batch })).error).toMatchObject({
        kind: "restore",
      });
    });
  });

  it("answers what is no request, and requests out of turn", async () => {
    await withHost("dense.mjs", async (host) => {
      expect(await host.write("no JSON")).toMatchObject({ id: -1, ok: false, error: { kind: "protocol" } });
      expect(await host.write('{"id":5,"type":"dance"}')).toMatchObject({
        id: 5,
        ok: false,
        error: { kind: "protocol" },
      });
      expect((await host.ask("advance", { steps: 1 })).error).toMatchObject({ kind: "protocol" });
      expect((await host.ask("open", { ...opening, knobs: { units: 9 } })).error).toMatchObject({
        kind: "knobs",
        message: "knob units is 9: not from 1 to 8",
      });
      expect((await host.ask("open", { ...opening, knobs: { other: 1 } })).error).toMatchObject({
        kind: "knobs",
      });
      await host.ask("open", opening);
      expect((await host.ask("open", opening)).error).toMatchObject({ kind: "protocol" });
      expect((await host.ask("quit")).ok).toBe(true);
    });
  });

  it("runs TypeScript, tells lines of it, and restores batches of numbers and arrays", async () => {
    await withHost("typed.ts", async (host) => {
      await host.ask("open", opening);
      const { records, ended } = await host.ask("advance", { steps: 3 });
      expect(ended).toBe("dead");
      expect(records).toMatchObject([{ step: 1, dead: { where: "loss" } }]);
      const [state, batch, out] = ["state", "batch", "trace"].map((name) => join(host.folder, name));
      await host.ask("save", { which: "before", state, batch });
      const { tensors, metadata } = readSafetensors(readFileSync(batch as string));
      expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
        ["0/input", "F32", [2]],
        ["0/scale", "F64", []],
        ["0/mask", "F32", [2]],
      ]);
      expect(metadata).toEqual({ "0/input": "tensor", "0/scale": "number", "0/mask": "array" });
      await host.ask("trace", { state, batch, out });
      const site = findSite(readTrace(out as string));
      expect(site?.operation).toMatchObject({
        operation: "Log",
        file: planted("typed.ts"),
        line: markedLine(planted("typed.ts"), "dies here"),
      });
    });
  });

  it("computes on the engine that was asked for", async () => {
    await withHost(
      "layers.mjs",
      async (host) => {
        expect((await host.ask("open", opening)).ok).toBe(true);
        const { records } = await host.ask("advance", { steps: 1 });
        expect(records).toMatchObject([{ gauges: { wasm: 1 } }]);
      },
      { NANPROOF_ENGINE: "tfjs-wasm" },
    );
    const failed = await startHost(planted("layers.mjs"), { NANPROOF_ENGINE: "abacus" });
    expect(failed.greeting).toMatchObject({ type: "failed", error: { kind: "unsupported" } });
    await failed.end();
  });

  it("names layers, their lines, and timesteps within them, through model.fit", async () => {
    await withHost("layers.mjs", async (host) => {
      const opened = await host.ask("open", opening);
      expect((opened.state as { name: string }[]).map(({ name }) => name)).toContain(
        "weight/gru/recurrent_kernel",
      );
      const { records, ended } = await host.ask("advance", { steps: 9 });
      expect(ended).toBe("finished");
      expect(records).toHaveLength(4);
      const [state, batch, out] = ["state", "batch", "trace"].map((name) => join(host.folder, name));
      await host.ask("save", { which: "before", state, batch });
      await host.ask("trace", { state, batch, out });
      const inGru = readTrace(out as string).operations.filter(({ layer }) => layer?.startsWith("gru"));
      expect(inGru.some(({ phase }) => phase === "backward")).toBe(true);
      const file = planted("layers.mjs");
      expect(new Set(inGru.map((one) => `${one.file}:${one.line} ${one.lineOf}`))).toEqual(
        new Set([`${file}:${markedLine(file, "the layer")} layer`]),
      );
      const steps = inGru.filter(({ operation }) => operation === "Tanh").map(({ timestep }) => timestep);
      expect(steps).toEqual([0, 1, 2, 3, 4, 5]);
    });
  });

  it("runs a script once, and blocks it in its first step", async () => {
    await withHost("script-log-of-zero.mjs", async (host) => {
      expect(host.greeting).toMatchObject({ form: "script", knobs: {} });
      expect(host.stderr()).not.toContain("0.69");
      const opened = await host.ask("open", { knobs: {}, seed: 1, steps: 20 });
      expect(opened.batch).toEqual([{ name: "0", dtype: "F32", shape: [2] }]);
      const advanced = await host.ask("advance", { steps: 20 });
      expect(advanced).toMatchObject({
        ended: "dead",
        records: [
          { step: 1, dead: null },
          { step: 2, dead: { where: "loss" } },
        ],
      });
      await host.ask("close");
      expect((await host.ask("open", opening)).error).toMatchObject({ kind: "fresh-process" });
    });
  });
});
