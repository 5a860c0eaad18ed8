import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import "../vitest.ts";
import { mountTinyDisk, whyNoTinyDisk } from "../documents/testing/tinyDisk.ts";
import { replayFixture } from "../fixtures/replay.ts";
import { readFixture } from "../fixtures/store.ts";
import { eachStep, type Invariant } from "../invariants/invariant.ts";
import { presets } from "../programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { row } from "../programs/lstm/cases/testing/syntheticRows.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { fixturePath } from "./fixturePath.ts";

const out = mkdtempSync(join(tmpdir(), "nanproof-matchers-"));
afterAll(() => rmSync(out, { recursive: true }));

const base: TrainingCase = {
  ...presets.published,
  model: { inputs: 4, layers: [{ units: 4, activation: "relu" }], forgetBias: 1 },
  data: {
    kind: "synthetic",
    seed: "1",
    inputScale: 1,
    masked: true,
    batches: [{ time: 20, rows: [row(20), row(20)] }],
  },
  steps: 5,
};
/** Dies in its first step: a cell that starts at 1e30 grows. */
const dying: TrainingCase = {
  ...base,
  init: { kind: "glorot", seed: "1", scale: 20 },
  data: { ...base.data, inputScale: 1e25 } as TrainingCase["data"],
};

/** The message of an expectation that fails. */
async function failure(expectation: Promise<unknown>): Promise<string> {
  try {
    await expectation;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the expectation did not fail");
}

describe("a run that lives", () => {
  it("passes, and leaves no file", async () => {
    await expect(base).toStayFinite({ out });
    await expect(base).toHaveBoundedGradients(1e6, { out });
    expect(readdirSync(out)).toEqual([]);
  });

  it("fails where its gradients pass the limit, and says where", async () => {
    const message = await failure(expect(base).toHaveBoundedGradients(1e-3, { out }));
    expect(message).toMatch(/^gradient norm below 0.001: violated at step 1: the gradient norm is/);
    expect(readdirSync(out)).toEqual([]);
  });

  it("fails by an invariant of the user's own", async () => {
    const own = eachStep("loss below 0.1", ({ loss }) => (loss < 0.1 ? null : `the loss is ${loss}`));
    expect(await failure(expect(base).toHold(own, { out }))).toContain("loss below 0.1: violated at step 1");
  });

  it("does not pass for one that dies", async () => {
    expect(await failure(expect(base).not.toStayFinite({ out }))).toContain("expected the run not to hold");
    await expect(dying).not.toStayFinite({ out });
    expect(readdirSync(out)).toEqual([]);
  });
});

describe("wrong use", () => {
  const verdictless = { name: "mine", check: () => "fine" } as unknown as Invariant;
  it.each<[string, () => Promise<void>, string]>([
    ["no case", () => expect(undefined).toStayFinite(), "testCase is missing: give an object"],
    ["a case of -1 steps", () => expect({ ...base, steps: -1 }).toStayFinite(), "testCase.steps is -1"],
    ["the same, not", () => expect({ ...base, steps: -1 }).not.toStayFinite(), "testCase.steps is -1"],
    [
      "an engine that is none",
      () => expect(base).toStayFinite({ engine: "abacus" as "explorer" }),
      'options.engine is "abacus"',
    ],
    ["an option that is none", () => expect(base).toStayFinite({ folder: out } as object), '"folder"'],
    ["a limit of 0", () => expect(base).toHaveBoundedGradients(0), "limit is 0: give more than 0"],
    [
      "no limit",
      () => expect(base).toHaveBoundedGradients(undefined as unknown as number),
      "limit is missing: give a number",
    ],
    ["no invariant", () => expect(base).toHold({} as Invariant), "invariant is {}: give an invariant"],
    [
      "an invariant without a verdict",
      () => expect(base).toHold(verdictless),
      '"mine": its check gave "fine"',
    ],
  ])("is told: %s", async (_, expectation, says) => {
    await expect(expectation()).rejects.toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^NANPROOF_E_/),
        message: expect.stringContaining(says),
      }),
    );
  });
});

describe("a run that dies", () => {
  it("fails, and the message ends with the fixture and the command that replays it", async () => {
    const message = await failure(expect(dying).toStayFinite({ out }));
    const path = fixturePath(out, expect.getState().currentTestName);
    expect(message.split("\n").at(-1)).toMatch(
      /^replay it: npx nanproof replay .*fails-and-the-message-ends.*\.json$/,
    );
    const stored = readFixture(path);
    expect(message).toContain(`(${stored.fixture.expected.signature})`);
    const replay = await replayFixture(stored, await openEngine("explorer"));
    expect(replay.reproduced).toBe(true);
  });

  it("writes the file of its test anew for the next case that fails", async () => {
    const path = fixturePath(out, expect.getState().currentTestName);
    await failure(expect(dying).toStayFinite({ out }));
    const first = readFileSync(path, "utf8");
    const other = { ...dying, optimizer: { ...dying.optimizer, learningRate: 0.3 } };
    await failure(expect(other).toStayFinite({ out }));
    expect(readFileSync(path, "utf8")).not.toBe(first);
    expect(readdirSync(out).filter((name) => name.includes("writes-the-file"))).toHaveLength(1);
  });
});

const noDisk = whyNoTinyDisk();
describe.skipIf(noDisk !== null)(`on a full disk${noDisk === null ? "" : ` (skipped: ${noDisk})`}`, () => {
  it("fails with what it found and why no fixture was written, and leaves an older one as it was", async () => {
    const disk = mountTinyDisk();
    try {
      const path = fixturePath(disk.folder, expect.getState().currentTestName);
      writeFileSync(path, "old");
      disk.leave(0);
      const message = await failure(expect(dying).toStayFinite({ out: disk.folder }));
      expect(message).toMatch(
        /: violated at step 1 \(.*\): .*\nno fixture was written: .*cannot be written \(ENOSPC/,
      );
      expect(message).toContain(path);
      expect(readFileSync(path, "utf8")).toBe("old");
      expect(readdirSync(disk.folder).sort()).toEqual([path.slice(disk.folder.length + 1), "filler"].sort());
    } finally {
      disk.unmount();
    }
  });
});

it("a test's file has a name that every file system takes", () => {
  expect(fixturePath("out", "relu > stays finite: 100 %?")).toBe(join("out", "relu-stays-finite-100.json"));
  expect(fixturePath("out", "é")).toBe(join("out", "test.json"));
  expect(fixturePath("out", "x".repeat(300))).toHaveLength(4 + 100 + 5);
});
