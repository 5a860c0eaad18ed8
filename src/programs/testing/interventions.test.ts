import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSafetensors } from "../../documents/readSafetensors.ts";
import { type HostProcess, planted, startHost } from "./hostProcess.ts";

/** The gradient is (3, 4), of norm 5, and the rate 1. */
const PLAIN = [-3, -4];

describe("what a host does to every step from outside of a program", () => {
  let host: HostProcess;
  beforeAll(async () => {
    host = await startHost(planted("interventions.mjs"));
  });
  afterAll(() => host.end());

  const opened = (intervention: object, knobs = {}) =>
    host.ask("open", { knobs, seed: 1, steps: 3, intervention });

  async function weights(): Promise<number[]> {
    const state = join(host.folder, "state");
    await host.ask("save", { which: "now", state });
    const bytes = readSafetensors(readFileSync(state)).tensors.get("weight/w")?.bytes ?? new Uint8Array();
    return [...new Float32Array(new Uint8Array(bytes).buffer)];
  }

  /** The weights after so many steps of a case, which is closed again. */
  async function trained(steps: number, intervention: object, knobs = {}) {
    expect(await opened(intervention, knobs)).toMatchObject({ ok: true });
    const { records } = (await host.ask("advance", { steps })) as unknown as { records: object[] };
    const found = await weights();
    await host.ask("close");
    return { weights: found, records };
  }

  it("scales gradients down to a global norm, and leaves nothing behind", async () => {
    const { weights: clipped, records } = await trained(1, { clipNorm: 1 });
    expect(clipped[0]).toBeCloseTo(-0.6, 6);
    expect(clipped[1]).toBeCloseTo(-0.8, 6);
    expect(records[0]).toMatchObject({ gauges: { gradient: expect.closeTo(1, 6), rawGradient: 5 } });
    expect((await trained(1, { clipNorm: 10 })).weights).toEqual(PLAIN);
    expect((await trained(1, {})).weights).toEqual(PLAIN);
  });

  it("multiplies the change of the weights, as the learning rate does", async () => {
    for (const optimizer of ["sgd", "momentum", "adam"]) {
      const { weights: whole } = await trained(1, {}, { optimizer });
      const { weights: tenth } = await trained(1, { learningRateFactor: 0.1 }, { optimizer });
      for (const [i, value] of whole.entries()) expect(tenth[i], optimizer).toBeCloseTo(value / 10, 6);
    }
  });

  it("leaves out an update that is not finite, with the optimizer's slots, and goes on", async () => {
    for (const optimizer of ["sgd", "momentum", "adam"]) {
      const { records, weights: found } = await trained(3, { skipNonFinite: true }, { optimizer });
      expect(records, optimizer).toMatchObject([
        { skipped: false, dead: null },
        { skipped: true, dead: null, loss: "NaN" },
        { skipped: false, dead: null },
      ]);
      if (optimizer === "sgd") expect(found).toEqual([-6, -8]);
      expect(found.every(Number.isFinite), optimizer).toBe(true);
    }
    const { records } = await trained(3, {});
    expect(records).toMatchObject([{ dead: null }, { dead: { where: "loss" } }]);
  });

  it("holds for steps that are asked for", async () => {
    const [state, batch] = ["before", "batch"].map((name) => join(host.folder, name));
    await opened({ skipNonFinite: true });
    await host.ask("advance", { steps: 2 });
    await host.ask("save", { which: "before", state, batch });
    const { records } = await host.ask("run", { state, batch, times: 2 });
    expect(records).toMatchObject([{ skipped: true }, { skipped: true }]);
    expect(await weights()).toEqual(PLAIN);
    await host.ask("close");
  });

  it.each([{ clip: 1 }, { clipNorm: 0 }, { learningRateFactor: true }, 3])("refuses %j", async (wrong) => {
    expect(await opened(wrong as object)).toMatchObject({ ok: false, error: { kind: "protocol" } });
  });
});
