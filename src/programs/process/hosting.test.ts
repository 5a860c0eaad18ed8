import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import type { HostRecord } from "../protocol.ts";
import { ProgramError } from "./errors.ts";
import { Hosting } from "./hosting.ts";
import { HostProcess } from "./hostProcess.ts";
import { EMPTY_STEP } from "./testing/emptyStep.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-hosting-"));
const started: Hosting[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const host of started.splice(0)) await host.end();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const DEAD: HostRecord = {
  step: 7,
  loss: "NaN",
  dead: { where: "gradients", tensor: "weight/w" },
  skipped: false,
  gauges: {},
};

/** A hosting whose process opens every case, and answers a request to trace a step so. */
async function hosting(trace: (request: { out: string; state: string }) => object): Promise<Hosting> {
  const process = {
    ready: { form: "program", file: { name: "train.py" } },
    isGone: false,
    ask: async (type: string, request: { out: string; state: string }) =>
      type === "open" ? { state: [], batch: [], framework: "torch" } : trace(request),
    end: async () => undefined,
  };
  vi.spyOn(HostProcess, "start").mockResolvedValue(process as unknown as HostProcess);
  const file = join(root, "train.py");
  writeFileSync(file, "");
  const order = { file, python: null, backend: null, threads: 1, isFresh: false };
  const host = await Hosting.start(order, () => undefined);
  started.push(host);
  return host;
}

const refusing = (kind: ProgramError["kind"]) => () => {
  throw new ProgramError(kind, "train.py:3: no operation can be watched", "");
};

describe("a step that its host refuses to trace", () => {
  it("is named by what was not finite, with the reason for which no more is known", async () => {
    const death = await (await hosting(refusing("unsupported"))).namedStep(EMPTY_STEP, DEAD);
    expect(death).toMatchObject({
      signature: "backward/unknown-operation/other",
      site: { tensor: "weight/w" },
      notes: ["the step could not be traced: train.py:3: no operation can be watched"],
    });
  });

  it("has no trace to go over", async () => {
    expect(await (await hosting(refusing("unsupported"))).tracedStep(EMPTY_STEP)).toBeNull();
  });

  it.each(["ended", "hang"] as const)("is no such step where its process is at fault: %s", async (kind) => {
    const host = await hosting(refusing(kind));
    await expect(host.namedStep(EMPTY_STEP, DEAD)).rejects.toThrow(ProgramError);
    await expect(host.tracedStep(EMPTY_STEP)).rejects.toThrow(ProgramError);
  });
});

describe("a step that its host traces", () => {
  it("leaves none of its files behind", async () => {
    const files: string[] = [];
    const host = await hosting(({ out, state }) => {
      expect(existsSync(state)).toBe(true);
      writeFileSync(out, '{"end":true,"loss":1}\n');
      files.push(out, state);
      return { record: DEAD, operations: 0, notes: [] };
    });
    expect(await host.tracedStep(EMPTY_STEP)).toMatchObject({ operations: [] });
    expect(await host.namedStep(EMPTY_STEP, DEAD)).toMatchObject({ mechanism: "unknown-operation" });
    expect(files.map(existsSync)).toEqual([false, false, false, false]);
  });

  it("is not traced where it lives", async () => {
    const host = await hosting(() => {
      throw new Error("it was traced");
    });
    expect(await host.namedStep(EMPTY_STEP, { ...DEAD, dead: null })).toBeNull();
  });
});
