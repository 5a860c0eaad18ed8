import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { planFrom } from "./plan.ts";
import { lacking } from "./requirements.ts";

const empty = mkdtempSync(join(tmpdir(), "nanproof-empty-"));
afterAll(() => rmSync(empty, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const plan = planFrom([]);
if (plan === null) throw new Error("no plan");

describe.runIf(process.platform === "linux" && process.arch === "x64")("what a machine lacks", () => {
  it("is the disk where more is needed than is free, with both sizes, the folder and what to do", async () => {
    const lacks = await lacking({ ...plan, megabytes: { download: 1, disk: 1e12 } });
    const disk = lacks.find(({ what }) => what.startsWith("disk: "));
    expect(disk?.what).toMatch(/^disk: 1000000000000 MB are needed and \d+ MB are free for /);
    expect(disk?.what.endsWith(plan.folder)).toBe(true);
    expect(disk?.remedy).toBe("free some, or name another place in XDG_CACHE_HOME");
    const enough = await lacking({ ...plan, megabytes: { download: 1, disk: 0 } });
    expect(enough.some(({ what }) => what.startsWith("disk"))).toBe(false);
  });

  it("is every tool that is not there, all told at once", async () => {
    vi.stubEnv("PATH", empty);
    vi.stubEnv("CXX", "");
    const lacks = await lacking({ ...plan, megabytes: { download: 1, disk: 0 } });
    expect(lacks.map(({ what }) => what.split(" ")[0])).toEqual(["python3", "pip", "a", "make", "npm"]);
    for (const { remedy } of lacks) expect(remedy).toMatch(/install/);
  });
});
