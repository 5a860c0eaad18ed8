import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-remedy-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const nanproof = (...args: string[]) => runNanproof(args, { cwd });
for (const [name, id] of [
  ["grown.json", "forward-recurrence-overflow-relu-61441cd985bc"],
  ["moment.json", "update-second-moment-overflow-relu-0f43455d6ee1"],
] as const)
  cpSync(resolve(`fixtures/${id}.json`), join(cwd, name));

describe("nanproof remedy", () => {
  it("prints the remedies of a committed death, best first", async () => {
    const { exitCode, stdout } = await nanproof("remedy", "grown.json", "--seeds", "2", "--json");
    expect(exitCode).toBe(0);
    const remedies = JSON.parse(stdout) as Record<string, unknown>[];
    expect(remedies[0]).toMatchObject({ run: { lives: true, steps: 50 }, seeds: { lived: 2, of: 2 } });
    expect(remedies.find(({ fix }) => fix === "clip-by-global-norm")).toMatchObject({
      step: "fails",
      run: { lives: false, steps: 8 },
    });
    const text = await nanproof("remedy", "grown.json", "--seeds", "2");
    expect(text.stdout).toContain(`\nfirst: ${remedies[0]?.fix}`);
  });

  it("of several fixtures prints each with its own, and one of the person's fix among them", async () => {
    cpSync(resolve("fixtures/forward-recurrence-overflow-relu-61441cd985bc.json"), join(cwd, "other.json"));
    const { stdout } = await nanproof("remedy", "grown.json", "other.json", "--seeds", "1", "--json");
    const found = JSON.parse(stdout) as { fixture: string; remedies: unknown[] }[];
    expect(found.map(({ fixture }) => fixture)).toEqual(["grown.json", "other.json"]);
    expect(found[1]?.remedies).toEqual(found[0]?.remedies);
  });

  it.each([
    ["no fixture", ["remedy"], /got 0 file names/],
    ["a file that is not there", ["remedy", "none.json"], /none\.json/],
    [
      "no seeds",
      ["remedy", "grown.json", "--seeds", "0"],
      /--seeds is "0": give it once, a whole number at least 1/,
    ],
    ["no such fix", ["remedy", "grown.json", "--fix", "nothing"], /there is no such fix/],
    ["two files to explain", ["explain", "grown.json", "moment.json"], /an argument too many: moment\.json/],
    ["no time", ["explain", "grown.json", "--time", "0"], /--time is "0"/],
  ])("%s is wrong use", async (_, args, message) => {
    const { exitCode, stderr } = await nanproof(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe("nanproof explain", () => {
  it("prints one document, with the keys that were promised", async () => {
    const { exitCode, stdout } = await nanproof("explain", "moment.json", "--time", "10s", "--json");
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual([
      "signature",
      "sentence",
      "story",
      "growth",
      "free",
      "boundaries",
      "since",
    ]);
    expect(document.signature).toBe("update/second-moment-overflow/relu");
    const text = await nanproof("explain", "moment.json", "--time", "10s");
    expect(text.stdout).toMatch(/\nhow it died\n[\s\S]*\nwhat it takes\n[\s\S]*\nsince when\n/);
  });
});
