import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../src/documents/errors.ts";
import { lockFolder } from "./lockFile.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "making.pid");

describe("the lock of a native engine's folder", () => {
  it("keeps a second run out until it is given free", () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(UsageError);
    expect(() => lockFolder(folder)).toThrow(`process ${process.pid} is making the lane in ${folder}`);
    unlock();
    expect(existsSync(file)).toBe(false);
    lockFolder(folder)();
  });

  const gone = Number(execaSync(process.execPath, ["-p", "process.pid"]).stdout);
  it.each([
    ["a process that is gone", String(gone)],
    ["one that was killed before it wrote its number", ""],
    ["no process at all", "abc"],
    ["a group of processes", "-1"],
  ])("of %s is taken over", (_, left) => {
    writeFileSync(file, left);
    const unlock = lockFolder(folder);
    expect(readFileSync(file, "utf8")).toBe(String(process.pid));
    unlock();
  });
});
