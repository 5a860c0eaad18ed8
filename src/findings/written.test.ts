import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../documents/errors.ts";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { growingUnit } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { Draft } from "./draft.ts";
import type { Finding } from "./finding.ts";
import type { Stage } from "./pipeline.ts";
import { type WrittenStage, writtenStages } from "./written.ts";

const { fixture } = await storedFixture(growingUnit(), "step", await openEngine("explorer"));
const root = mkdtempSync(join(tmpdir(), "nanproof-written-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A finding of a run of so many steps: the name of its file is made of its case. */
const finding = (steps: number): Finding => ({
  fixture: { ...fixture, case: { ...fixture.case, steps } } as Finding["fixture"],
  before: {} as Finding["before"],
  candidates: 0,
  slips: [],
});

async function* coming(stages: readonly Stage[]) {
  yield* stages;
}

/** Writes stages into a folder; what came, and what was reported as not written. */
async function write(folder: string, ...stages: Stage[]) {
  const reported: UsageError[] = [];
  const report = (error: UsageError) => void reported.push(error);
  const came: WrittenStage[] = [];
  const ended = (async () => {
    const writing = writtenStages(coming(stages), folder, new Draft(folder, report), report);
    for await (const stage of writing) came.push(stage);
  })();
  return { came, reported, ended };
}

const folderNamed = (name: string) => mkdtempSync(join(root, name));
const death = { kind: "done", of: "death", finding: finding(2) } as const;
const slip = { kind: "done", of: "slip", finding: finding(3) } as const;

describe("the fixtures of a death, as their stages come", () => {
  it("take each other's place, and other bugs lie beside the last", async () => {
    const folder = folderNamed("kept-");
    const whole = { kind: "whole", finding: finding(9) } as const;
    const { came, reported, ended } = await write(folder, whole, death, slip);
    await ended;
    const paths = came.map((stage) => ("written" in stage ? stage.written?.path : null));
    expect(paths.map((path) => existsSync(path ?? ""))).toEqual([false, true, true]);
    expect(readdirSync(folder)).toHaveLength(2);
    expect(reported).toEqual([]);
  });

  it("stay beside other bugs, where the complete one is the one that was on disk already", async () => {
    const folder = folderNamed("same-");
    const { came, ended } = await write(folder, { kind: "shrunk", finding: death.finding }, death, slip);
    await ended;
    const paths = came.map((stage) => ("written" in stage ? stage.written?.path : null));
    expect(paths[0]).toBe(paths[1]);
    expect(paths.map((path) => existsSync(path ?? ""))).toEqual([true, true, true]);
  });

  it("are gone with the death that does not come again", async () => {
    const folder = folderNamed("gone-");
    const { came, ended } = await write(folder, { kind: "whole", finding: finding(9) }, { kind: "gone" });
    await ended;
    expect(came.map(({ kind }) => kind)).toEqual(["whole", "gone"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("end with an error where the complete one cannot be written, and not where another bug's cannot", async () => {
    const folder = join(root, "file");
    writeFileSync(folder, "");
    const ofDeath = await write(folder, death);
    await expect(ofDeath.ended).rejects.toThrow(UsageError);
    expect(ofDeath.reported).toEqual([]);
    const ofSlip = await write(folder, slip);
    await ofSlip.ended;
    expect(ofSlip.came).toMatchObject([{ kind: "done", of: "slip", written: null }]);
    expect(ofSlip.reported).toHaveLength(1);
  });
});
