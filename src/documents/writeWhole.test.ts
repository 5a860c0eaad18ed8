import fs, {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UsageError } from "./errors.ts";
import { isLeftover, temporaryName } from "./temporary.ts";
import { mountTinyDisk, whyNoTinyDisk } from "./testing/tinyDisk.ts";
import { isUnwritten, removeFile, writeWhole } from "./writeWhole.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-write-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "case-"));
  file = join(folder, "fixture.json");
  writeFileSync(file, "old");
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Puts something else in the place of a call of node:fs. */
function plant<K extends "writeSync" | "fsyncSync" | "openSync" | "renameSync" | "closeSync" | "fchownSync">(
  name: K,
  instead: (real: (typeof fs)[K]) => unknown,
): void {
  const real = fs[name];
  vi.spyOn(fs, name).mockImplementation(instead(real) as never);
  syncBuiltinESMExports();
}

const failing = (code: string) => () => () => {
  throw Object.assign(new Error(`${code}: planted`), { code });
};

/** The error of writing the file; the old contents are still there, and nothing beside them. */
function refusal(contents = "new"): UsageError {
  try {
    writeWhole(file, contents);
  } catch (error) {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
    expect(error).toBeInstanceOf(UsageError);
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["fixture.json"]);
    return error as UsageError;
  }
  throw new Error("it was written");
}

describe("a file that is written whole", () => {
  it("has the new contents and stands alone in its folder", () => {
    writeWhole(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    writeWhole(join(folder, "a", "b", "made.bin"), Uint8Array.of(1, 2, 3));
    expect([...readFileSync(join(folder, "a", "b", "made.bin"))]).toEqual([1, 2, 3]);
    expect(readdirSync(folder).sort()).toEqual(["a", "fixture.json"]);
  });

  it("has all its bytes where each call takes a few of them only", () => {
    let calls = 0;
    plant("writeSync", (real) => (descriptor: number, bytes: Uint8Array, from: number) => {
      calls += 1;
      return real(descriptor, bytes, from, Math.min(7, bytes.length - from));
    });
    const contents = "über-long ".repeat(50);
    writeWhole(file, contents);
    expect(readFileSync(file, "utf8")).toBe(contents);
    expect(calls).toBe(Math.ceil(Buffer.byteLength(contents) / 7));
  });

  it("is brought to the disk before it gets its name, and the folder after that", () => {
    const order: string[] = [];
    plant("fsyncSync", (real) => (descriptor: number) => {
      order.push(fs.fstatSync(descriptor).isDirectory() ? "folder" : "file");
      return real(descriptor);
    });
    plant("renameSync", (real) => (from: string, to: string) => {
      order.push("rename");
      return real(from, to);
    });
    writeWhole(file, "new");
    expect(order).toEqual(["file", "rename", "folder"]);
    order.length = 0;
    writeWhole(join(folder, "made", "deep", "new.json"), "new");
    expect(order).toEqual(["file", "rename", "folder", "folder", "folder"]);
  });

  it("keeps its mode, and a new one has that of any new file", () => {
    chmodSync(file, 0o640);
    writeWhole(file, "new");
    expect(statSync(file).mode & 0o777).toBe(0o640);
    writeWhole(join(folder, "other.json"), "new");
    writeFileSync(join(folder, "plain"), "");
    expect(statSync(join(folder, "other.json")).mode).toBe(statSync(join(folder, "plain")).mode);
  });

  it("goes to its new owner where it may not be given away", () => {
    plant("fchownSync", failing("EPERM"));
    writeWhole(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
  });

  it("does not write through a symbolic link, unless it is asked to", () => {
    const link = join(folder, "link.json");
    symlinkSync("fixture.json", link);
    writeWhole(link, "new", { link: "follow" });
    expect([readFileSync(file, "utf8"), readlinkSync(link)]).toEqual(["new", "fixture.json"]);
    writeWhole(link, "newer");
    expect([readFileSync(file, "utf8"), readFileSync(link, "utf8")]).toEqual(["new", "newer"]);
    expect(lstatSync(link).isFile()).toBe(true);
  });
});

describe("a file that cannot be written is as it was, and told of with path and reason", () => {
  it.each(["openSync", "writeSync", "fsyncSync", "closeSync", "renameSync"] as const)("%s fails", (name) => {
    plant(name, failing("ENOSPC"));
    const { message, code, hint } = refusal();
    expect(message).toBe(`${file}: cannot be written (ENOSPC: planted)`);
    expect({ code, hint }).toEqual({
      code: "NANPROOF_E_WRITE",
      hint: "make room and give write access to its folder",
    });
  });

  it("a write is short, and the next one finds the disk full", () => {
    let calls = 0;
    plant("writeSync", (real) => (descriptor: number, bytes: Uint8Array, from: number) => {
      calls += 1;
      if (calls > 1) failing("ENOSPC")()();
      return real(descriptor, bytes, from, 4);
    });
    expect(refusal("longer than four").message).toContain("ENOSPC");
  });

  it("a write takes nothing", () => {
    plant("writeSync", () => () => 0);
    expect(refusal().message).toContain("only 0 of 3 bytes were taken");
  });

  it("its folder is a file, or its name a folder", () => {
    expect(() => writeWhole(join(file, "inside.json"), "new")).toThrow(
      /cannot be written \((ENOTDIR|EEXIST)/,
    );
    mkdirSync(join(folder, "taken.json"));
    expect(() => writeWhole(join(folder, "taken.json"), "new")).toThrow(/cannot be written \(EISDIR/);
    expect(readdirSync(folder).sort()).toEqual(["fixture.json", "taken.json"]);
  });

  it("nor removed: told as such", () => {
    mkdirSync(join(folder, "taken.json"));
    try {
      removeFile(join(folder, "taken.json"));
      throw new Error("it was removed");
    } catch (error) {
      expect(isUnwritten(error)).toBe(true);
    }
  });
});

const noDisk = whyNoTinyDisk();
describe.skipIf(noDisk !== null)(`on a full disk${noDisk === null ? "" : ` (skipped: ${noDisk})`}`, () => {
  it.each([0, 4, 8, 12])(
    "with %i KiB left, a file of 10,000 bytes is written whole or stays as it was",
    (kib) => {
      const disk = mountTinyDisk();
      try {
        const path = join(disk.folder, "fixture.json");
        const before = "b".repeat(9286);
        writeWhole(path, before);
        disk.leave(kib);
        const after = "a".repeat(10_000);
        if (kib < 12)
          expect(() => writeWhole(path, after)).toThrow(`${path}: cannot be written (ENOSPC: no space left`);
        else writeWhole(path, after);
        expect(readFileSync(path, "utf8")).toBe(kib < 12 ? before : after);
        expect(readdirSync(disk.folder).sort()).toEqual(["filler", "fixture.json"]);
      } finally {
        disk.unmount();
      }
    },
  );
});

describe("a temporary file", () => {
  it("is a leftover once its process has gone, and no name of a user's is", () => {
    expect(isLeftover(temporaryName())).toBe(true);
    expect(isLeftover(".nanproof-2147483646-0123456789ab.tmp")).toBe(true);
    expect(isLeftover(`.nanproof-${process.ppid}-0123456789ab.tmp`)).toBe(false);
    for (const name of ["relu-0123456789ab.json", "relu-0123456789ab.json.1", ".nanproof", "notes.tmp"])
      expect(isLeftover(name), name).toBe(false);
  });
});
