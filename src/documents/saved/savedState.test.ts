import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { UsageError } from "../errors.ts";
import { readSaved, savedPath, writeSaved } from "./savedState.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-saved-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const schema = z.strictObject({ next: z.int().min(0), names: z.array(z.string()) });
// Not in the order of the schema.
const state = { names: ["a"], next: 7 };
const outside = join(root, "outside");

let folder: string;
let path: string;
let count = 0;
beforeEach(() => {
  folder = join(root, `folder-${count++}`);
  mkdirSync(folder);
  rmSync(outside, { recursive: true, force: true });
  path = savedPath(folder, "hunt", { seed: "1" });
});

function errorOf(act: () => unknown): UsageError {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
const read = () => readSaved(path, schema);

describe("saved state", () => {
  it("comes out as it was written, its keys in the same order; null where there is none", () => {
    expect(read()).toBeNull();
    writeSaved(path, state);
    expect(JSON.stringify(read())).toBe(JSON.stringify(state));
  });

  it("of other work is another file", () => {
    expect(savedPath(folder, "hunt", { seed: "2" })).not.toBe(path);
  });

  it.each<[string, (text: string) => string, string]>([
    ["that is cut off", (text) => text.slice(0, -9), "it is not JSON"],
    ["that is empty", () => "", "it is not JSON"],
    ["that is JSON of another shape", () => "[1]", "the document is a list of 1: give an object"],
    ["that is null", () => "null", "the document is null"],
    [
      "without a state",
      (text) => JSON.stringify({ ...JSON.parse(text), state: undefined }),
      "state is missing: give a value",
    ],
    ["in which a number was changed", (text) => text.replace('"next":7', '"next":8'), "was changed after it"],
    ["with a checksum that is none", (text) => text.replace(/"[0-9a-f]{64}"/, "5"), "sha256 is 5"],
    [
      "of a later format",
      (text) => text.replace('"schemaVersion":2', '"schemaVersion":3'),
      "schemaVersion is 3",
    ],
    ["that holds a key twice", (text) => text.replace("{", '{"schemaVersion":2,'), "schemaVersion"],
  ])("%s is refused with its path and what to do", (_, change, says) => {
    writeSaved(path, state);
    writeFileSync(path, change(readFileSync(path, "utf8")));
    const error = errorOf(read);
    expect(error.message).toContain(path);
    expect(error.message).toContain(says);
  });

  it("whose shape is not the reader's is refused, though its checksum is right", () => {
    writeSaved(path, { next: -1, names: "a" });
    expect(errorOf(read).message).toMatch(/next is -1.*names is "a"/);
  });
});

describe("what is no plain file inside the folder", () => {
  const plant: [string, () => void, string][] = [
    ["a link to a file", () => symlinkSync(outside, path), "a symbolic link"],
    ["a link to a device that never ends", () => symlinkSync("/dev/zero", path), "a symbolic link"],
    ["a folder", () => mkdirSync(path), "a folder"],
    [
      "a named pipe, which nobody writes to",
      () => execFileSync("sh", ["-c", `mkfifo "$0"`, path]),
      "a named pipe",
    ],
  ];
  it.each(plant)("%s is neither read nor written", (_, make, says) => {
    mkdirSync(dirname(path));
    writeFileSync(outside, "untouched");
    make();
    for (const act of [read, () => writeSaved(path, state)]) {
      const error = errorOf(act);
      expect(error.message).toContain(`${path}: is ${says}`);
    }
    expect(readFileSync(outside, "utf8")).toBe("untouched");
  });

  it("a file past all bounds is refused unread", () => {
    writeSaved(path, state);
    truncateSync(path, 2 ** 40);
    expect(errorOf(read).message).toContain(`has ${2 ** 40} bytes`);
  });

  it("a file in the place of the folder is named", () => {
    writeFileSync(dirname(path), "mine");
    for (const act of [read, () => writeSaved(path, state)])
      expect(errorOf(act).message).toContain(`${dirname(path)}: is a file; nanproof keeps a folder there`);
    expect(readFileSync(dirname(path), "utf8")).toBe("mine");
  });

  it("a link in the place of the folder is not followed", () => {
    mkdirSync(outside);
    symlinkSync(outside, dirname(path));
    for (const act of [read, () => writeSaved(path, state)])
      expect(errorOf(act).message).toContain(`${dirname(path)}: is a symbolic link`);
    expect(existsSync(join(outside, "hunt"))).toBe(false);
  });
});
