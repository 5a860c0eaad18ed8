import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ZodError } from "zod";
import { readFixture } from "../fixtures/store.ts";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { growingUnit } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { writtenIfRoom } from "./draft.ts";

const { fixture } = await storedFixture(growingUnit(), "step", await openEngine("explorer"));
const root = mkdtempSync(join(tmpdir(), "nanproof-draft-"));
const folder = () => mkdtempSync(join(root, "of-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a fixture that is written if there is room", () => {
  it("is on disk, and nothing is reported", () => {
    const reported: Error[] = [];
    const path = writtenIfRoom(folder(), { fixture }, (error) => reported.push(error));
    expect(readFixture(path ?? "").fixture.case).toEqual(fixture.case);
    expect(reported).toEqual([]);
  });

  it("is reported once where the disk does not take it", () => {
    const file = join(folder(), "taken");
    writeFileSync(file, "");
    const reported: Error[] = [];
    expect(writtenIfRoom(file, { fixture }, (error) => reported.push(error))).toBeNull();
    expect(reported.map(({ message }) => message)).toEqual([expect.stringContaining("cannot be written")]);
  });

  it("that is none is a bug, and thrown on", () => {
    const broken = { ...fixture, case: { ...fixture.case, steps: 1n as never } };
    const reported: Error[] = [];
    expect(() => writtenIfRoom(folder(), { fixture: broken }, (error) => reported.push(error))).toThrow(
      ZodError,
    );
    expect(reported).toEqual([]);
  });
});
