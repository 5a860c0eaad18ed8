import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../documents/errors.ts";
import type { LstmFixture } from "../library/lstmFixture.ts";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { growingUnit } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { stepWork } from "../programs/lstm/engines/work.ts";
import { type Fix, fixNamed } from "../programs/lstm/fixes/fixes.ts";
import { type GateOptions, gateFixtures } from "./gate.ts";
import type { GateVerdict } from "./verdict.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-gate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engine = await openEngine("explorer");
const { fixture: dying } = await storedFixture(growingUnit(), "step", engine);

const named = (name: string) => fixNamed(name) as Fix;
let files = 0;
/** The dying fixture with something changed, on disk. */
function onDisk(change: (fixture: LstmFixture) => void = () => {}): string {
  const fixture = structuredClone(dying);
  change(fixture);
  const path = join(folder, `${files++}.json`);
  writeFileSync(path, JSON.stringify(fixture));
  return path;
}

const asked: string[] = [];
const open = async (name: string) => {
  asked.push(name);
  if (name !== "explorer") throw new UsageError("NANPROOF_E_TEST", `${name} is not here`, "install it");
  return engine;
};

async function gate(path: string, options: Partial<GateOptions> = {}): Promise<GateVerdict> {
  for await (const row of gateFixtures([path], { fix: named("hardened"), open, ...options }))
    return row.verdict;
  throw new Error("nothing was gated");
}

const heal = ({ case: { model } }: LstmFixture) =>
  Object.assign(model, { layers: [{ units: 1, activation: "tanh" }] });

describe("gating a fixture", () => {
  it("that dies without the fix and lives with it: held", async () => {
    expect(await gate(onDisk())).toEqual({ kind: "held" });
  });

  it("that dies with it too: failed, and of what", async () => {
    expect(await gate(onDisk(), { fix: named("published-clip") })).toEqual({
      kind: "failed",
      signature: "forward/recurrence-overflow/relu",
    });
  });

  it("that cannot tell of the fix: not judged", async () => {
    expect(await gate(onDisk(), { fix: named("l2") })).toMatchObject({ kind: "notJudged" });
  });

  const STALE: [what: string, change: (fixture: LstmFixture) => void, why: RegExp][] = [
    [
      "whose case was healed",
      heal,
      /^stale: stays finite for 1 step where .*recurrence-overflow\/relu at step 1 is expected; explorer .* has not changed/,
    ],
    [
      "whose case was healed, and that names no version",
      (fixture) => {
        heal(fixture);
        Object.assign(fixture.expected, { versions: undefined });
      },
      /^stale: stays finite.*does not say which version of explorer/,
    ],
    [
      "that expects another signature, of the same bits",
      ({ expected }) => Object.assign(expected, { signature: "backward/backward-overflow/relu" }),
      /^stale: dies of forward\/recurrence-overflow\/relu at step 1 where backward.*bit by bit/,
    ],
    [
      "that expects another step",
      ({ expected }) => Object.assign(expected, { step: 2 }),
      /^stale: dies of .* at step 1 where .* at step 2 is expected/,
    ],
    [
      "recorded on another version of the engine",
      (fixture) => {
        heal(fixture);
        Object.assign(fixture.expected, { versions: { explorer: "explorer 0" } });
      },
      /^environment changed: stays finite for 1 step .* recorded on explorer 0, and this is explorer \d/,
    ],
  ];
  it.each(STALE)("%s: stale", async (_, change, why) => {
    expect(await gate(onDisk(change))).toEqual({ kind: "stale", why: expect.stringMatching(why) });
  });

  it("that still dies is not stale on another version of the engine", async () => {
    const older = onDisk(({ expected }) => Object.assign(expected, { versions: { explorer: "explorer 0" } }));
    expect(await gate(older)).toEqual({ kind: "held" });
  });

  it("that reproduces on an engine that is not here: not judged, and that engine was asked for", async () => {
    const path = onDisk(({ expected }) => Object.assign(expected, { reproducesOn: ["tfjs-wasm"] }));
    expect(await gate(path)).toEqual({
      kind: "notJudged",
      why: "it reproduces on tfjs-wasm only, which is not available here",
    });
    expect(asked).toContain("tfjs-wasm");
  });
});

describe("gating within a bound of work", () => {
  /** Enough for so many steps of the dying fixture. */
  const workOf = (steps: number) => steps * stepWork(dying.case, "explorer");
  const tanh: Fix = {
    name: "tanh",
    acts: "training",
    description: "keeps the cell within bounds",
    apply: (testCase) => ({
      ...testCase,
      model: { ...testCase.model, layers: [{ units: 1, activation: "tanh" }] },
    }),
  };

  it("says of a death past it how much it asks for, and runs nothing", async () => {
    const late = onDisk(({ case: testCase, expected }) => {
      Object.assign(testCase, { steps: 10_000_000 });
      Object.assign(expected, { step: 10_000_000, reproducesOn: ["explorer"] });
    });
    expect(await gate(late)).toEqual({
      kind: "notJudged",
      why: expect.stringMatching(
        /^it dies at step 10000000, and that is past the bound of 2e\+11 .* --max-work 6\.\de\+11 /,
      ),
    });
  });

  it("counts a run that goes past its fatal step as stale, however long it would go on", async () => {
    const healed = onDisk((fixture) => {
      heal(fixture);
      Object.assign(fixture.case, { steps: 10_000_000 });
    });
    expect(await gate(healed, { maxWork: workOf(5) })).toEqual({
      kind: "stale",
      why: expect.stringMatching(/^stale: stays finite for 5 steps where /),
    });
  });

  it("does not judge a fix that outlives it, and does with what it asks for", async () => {
    const run = onDisk((fixture) => Object.assign(fixture, { grade: "run" }));
    const cut = await gate(run, { fix: tanh, maxWork: workOf(3) });
    expect(cut).toEqual({
      kind: "notJudged",
      why: expect.stringMatching(/^with the fix it lives for 3 steps of 10; that is past the bound /),
    });
    const [, enough] = /--max-work (\S+) /.exec("why" in cut ? cut.why : "") ?? [];
    expect(await gate(run, { fix: tanh, maxWork: Number(enough) })).toEqual({ kind: "held" });
  });
});

describe("gating many", () => {
  it("goes in order, and ends before the next one when told to", async () => {
    const paths = [onDisk(), onDisk(), onDisk()];
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const { path } of gateFixtures(paths, {
      fix: named("hardened"),
      open,
      signal: controller.signal,
    })) {
      seen.push(path);
      if (seen.length === 2) controller.abort();
    }
    expect(seen).toEqual(paths.slice(0, 2));
  });
});
