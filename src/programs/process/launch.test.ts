import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { launchOf } from "./launch.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-launch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function launched(name: string) {
  const file = join(folder, name);
  writeFileSync(file, "");
  return launchOf({ file, python: null, backend: null, threads: 1, isFresh: false });
}

describe("the process that hosts a program", () => {
  it.each([
    ["train.py", "python"],
    ["train.mjs", "javascript"],
    ["train.js", "javascript"],
    ["train.TS", "javascript"],
  ])("of %s speaks %s", (name, language) => {
    expect(launched(name).language).toBe(language);
  });

  it.each(["train.rb", "train", "train.constructor"])("cannot be had of %s", (name) => {
    expect(() => launched(name)).toThrow(/that is no program's name/);
  });

  it.each([
    ["no file", "missing.py", /there is no such file/],
    ["a folder", ".", /it is a directory/],
  ])("cannot be had of %s", (_, name, message) => {
    const order = { file: join(folder, name), python: null, backend: null, threads: 1, isFresh: false };
    expect(() => launchOf(order)).toThrow(message);
  });
});
