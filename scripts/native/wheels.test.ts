import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execaSync } from "execa";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UsageError } from "../../src/documents/errors.ts";
import { fetchWheels } from "./fetchWheels.ts";
import { unpack } from "./unpack.ts";

const root = mkdtempSync(join(tmpdir(), "nanproof-wheels-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hasPip = !execaSync("python3", ["-m", "pip", "--version"], { reject: false }).failed;

/** A wheel of two small files, and a folder of wheels in place of the package index. */
const index = join(root, "index");
const wheel = join(index, "tiny_thing-1.0-py3-none-any.whl");
if (hasPip) {
  mkdirSync(join(root, "src", "tiny_thing-1.0.dist-info"), { recursive: true });
  mkdirSync(join(root, "src", "tiny"), { recursive: true });
  mkdirSync(index);
  writeFileSync(join(root, "src", "tiny", "lib.so"), "library");
  const info = join(root, "src", "tiny_thing-1.0.dist-info");
  writeFileSync(join(info, "METADATA"), "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n");
  writeFileSync(join(info, "WHEEL"), "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
  writeFileSync(join(info, "RECORD"), "");
  execaSync("python3", ["-m", "zipfile", "-c", wheel, "tiny", "tiny_thing-1.0.dist-info"], {
    cwd: join(root, "src"),
  });
}

beforeEach(() => {
  vi.stubEnv("PIP_NO_INDEX", "1");
  vi.stubEnv("PIP_FIND_LINKS", index);
});
afterEach(() => vi.unstubAllEnvs());

const pinned = (sha256: string) => ({ name: "tiny-thing", version: "1.0", sha256, megabytes: 1 });

describe.runIf(hasPip)("fetching wheels", () => {
  const sha256 = hasPip ? createHash("sha256").update(readFileSync(wheel)).digest("hex") : "";

  it("brings the one whose bytes are pinned, and leaves alone what is there already", async () => {
    const folder = join(root, "fetched");
    const [path = ""] = await fetchWheels([pinned(sha256)], folder);
    expect(basename(path)).toBe(basename(wheel));
    const { mtimeMs, ino } = statSync(path);
    await fetchWheels([pinned(sha256)], folder);
    expect(statSync(path)).toMatchObject({ mtimeMs, ino });
  });

  it("takes no other bytes, names the wheel and leaves none of it behind", async () => {
    const folder = join(root, "refused");
    const fetching = fetchWheels([pinned("0".repeat(64))], folder);
    await expect(fetching).rejects.toThrow(UsageError);
    await expect(fetching).rejects.toThrow(
      /^pip did not bring tiny-thing 1\.0 with the sha256 that is pinned/,
    );
    expect(existsSync(join(folder, basename(wheel)))).toBe(false);
  });
});

describe.runIf(hasPip)("unpacking a wheel", () => {
  it("takes what has a destination, to there", async () => {
    const folder = join(root, "unpacked");
    const files = await unpack(wheel, folder, (entry) => /^tiny\/(.+)$/.exec(entry)?.[1] ?? null);
    expect(files).toBe(1);
    expect(readFileSync(join(folder, "lib.so"), "utf8")).toBe("library");
    expect(existsSync(join(folder, "METADATA"))).toBe(false);
  });

  it("of half its bytes fails", async () => {
    const half = join(root, "half.whl");
    writeFileSync(half, readFileSync(wheel).subarray(0, 200));
    await expect(unpack(half, join(root, "half"), (entry) => entry)).rejects.toThrow();
  });
});
