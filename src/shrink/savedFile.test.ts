import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { SavedFile } from "./savedFile.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-saved-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const savedIn = (folder: string, of: unknown = 1) => new SavedFile(folder, "shrink", of, z.number());

describe("what a shrink has come to", () => {
  it("is read as it was written, by the same shrink only, and gone once it is removed", () => {
    const folder = join(root, "kept");
    savedIn(folder).write(7);
    expect([savedIn(folder).read(), savedIn(folder, 2).read()]).toEqual([7, undefined]);
    savedIn(folder).remove();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("that cannot be written is told with its path: no fault of nanproof", () => {
    const folder = join(root, "file");
    writeFileSync(folder, "");
    try {
      savedIn(folder).write(7);
      throw new Error("it was written");
    } catch (error) {
      expect(error).toMatchObject({
        code: "NANPROOF_E_SAVED",
        message: expect.stringMatching(/\.nanproof: cannot be used \(ENOTDIR/),
      });
    }
  });

  it("goes together with what a killed one left half-written; others' files stay", () => {
    const folder = join(root, "others", ".nanproof");
    mkdirSync(folder, { recursive: true });
    for (const name of [".nanproof-2147483646-0123456789ab.tmp", "hunt-0123456789ab.json"])
      writeFileSync(join(folder, name), "{}");
    savedIn(join(root, "others")).remove();
    expect(readdirSync(folder)).toEqual(["hunt-0123456789ab.json"]);
    expect(existsSync(folder)).toBe(true);
  });
});
