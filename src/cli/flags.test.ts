import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { version } from "../package.ts";
import { runNanproof } from "./testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-flags-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(join(cwd, "text.txt"), "One two three four. Five six seven eight.");

const nanproof = (args: string[]) => runNanproof(args, { cwd, timeout: 30_000 });

/** Command lines, and a part of what stderr says of each. */
const WRONG: [args: string, says: string][] = [
  ["frobnicate", 'there is no command "frobnicate"'],
  ["trian --units 4", 'there is no command "trian"; did you mean train?'],
  ["train --frobnicate 1", "no such flag: frobnicate"],
  ["train --unit 4", "no such flag: unit; did you mean --units?"],
  ["train --no-shink", "no such flag: no-shink; did you mean --no-shrink?"],
  ["train --learnin-rate 4", "no such flag: learnin-rate; did you mean --learning-rate?"],
  ["help trian", 'there is no command "trian"; did you mean train?'],
  ["train stray", "no such command, or an argument too many: stray"],
  ["replay a.json b.json", "a.json: there is no such file"],
  ["show", "got 0 file names, and needs at least 1"],
  ["show missing", "missing: there is no such file"],
  ["shrink a.json b.json", "no such command, or an argument too many: b.json"],
  ["replay", "got 0 file names, and needs at least 1"],
  ["compare", "got 0 file names, and needs at least 1"],
  ["train --units", "--units is given no value"],
  ["train --units --json", "--units is given no value"],
  ["train --units 4 --units 5", "--units is given 2 times: give it once, whole numbers like 100 or 64,32,16"],
  ["train --units four", '--units is "four": give it once, whole numbers like 100 or 64,32,16'],
  ["train --units 1.5", '--units is "1.5": '],
  ["train --units 0", '--units is "0": '],
  ["train --units 4,5", "--units has 2 numbers (4,5) for 3 layers (relu,relu,tanh)"],
  ["train --units 5000", "is 5000: give at most 2048"],
  ["train --no-units", "--units is false: "],
  [
    "train --layers relu,gelu",
    '--layers is "relu,gelu": give it once, activations like relu,relu,tanh out of',
  ],
  ["train --axis depth", '--axis is "depth": give it once, one of time, embedding'],
  ["train --preset publish", '--preset is "publish": give it once, one of published, '],
  ["train --learning-rate fast", '--learning-rate is "fast": give it once, a number above 0'],
  ["train --learning-rate 0", '--learning-rate is "0": '],
  ["train --learning-rate 1e39", "optimizer.learningRate is 1e+39: give less than 3.4028235"],
  [
    "train --learning-rate 1e-50",
    "optimizer.learningRate is 1e-50: give a number over 0 as float32 holds it: more than 7.01e-46",
  ],
  ["train --learning-rate NaN", '--learning-rate is "NaN": '],
  ["train --batch 2.5", '--batch is "2.5": give it once, a whole number at least 1'],
  ["train --batch 5000", "data.batch is 5000: give at most 4096"],
  ["train --max-length 1", '--max-length is "1": give it once, a whole number at least 2'],
  ["train --validation 1", '--validation is "1": give it once, a number at least 0 and below 1'],
  ["train --epochs 0", '--epochs is "0": '],
  [
    "train --text text.txt --epochs 99999999",
    "--epochs is 99999999: with 1 batch an epoch that makes 99999999 steps",
  ],
  ["train --seed=", '--seed is "": give it once, and not empty'],
  ["train --embedding glove", '--embedding is "glove": '],
  ["train --text missing.txt", "text missing.txt: there is no such file"],
  ["train --text .", "is a directory"],
  ["train --out text.txt", '--out is "text.txt": text.txt is not a folder'],
  ["train --out text.txt/inside", '--out is "text.txt/inside": text.txt is not a folder'],
  ["replay x.json --engine abacus", '--engine is "abacus": give it once, one of '],
  ["replay x.json --update=yes", "--update takes no value"],
  ["replay x.json --update --update", "--update is given twice"],
  ["replay x.json", "x.json: there is no such file"],
];

/** Of the same with --json, since stdout carries no document then, either: what has a command, and not that flag already. */
const WRONG_WITH_JSON = WRONG.filter(([line]) => line !== "" && !line.includes("--json"));

async function refuses(args: string[], says: string): Promise<void> {
  const { exitCode, stdout, stderr } = await nanproof(args);
  expect(stderr).toContain(says);
  expect(stderr).toMatch(/^nanproof: .+\n {2}.+ {2}\[NANPROOF_E_[A-Z0-9_]+\]$/);
  expect(stdout).toBe("");
  expect(exitCode).toBe(2);
}

describe.concurrent("wrong use", () => {
  it.each(WRONG)("nanproof %s", (line, says) => refuses(line.split(" ").filter(Boolean), says));

  it.each(WRONG_WITH_JSON)("nanproof %s --json", (line, says) =>
    refuses([...line.split(" "), "--json"], says),
  );

  it("repeats of --json are wrong use too", async () => {
    const { exitCode, stdout, stderr } = await nanproof(["replay", "x.json", "--json", "--json"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("--json is given twice");
  });
});

describe("right use", () => {
  it.each([[], ["help"], ["-h"], ["--help"]])("%s lists the commands", async (...args) => {
    const { exitCode, stdout, stderr } = await nanproof(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/\n {2}nanproof replay <files..> +rerun fixtures/);
    expect(stdout).toContain("npx nanproof help COMMAND");
  });

  it.each([["-v"], ["--version"]])("%s says the version", async (flag) => {
    expect(await nanproof([flag])).toMatchObject({ exitCode: 0, stdout: version(), stderr: "" });
  });

  it("help of a command has its defaults, its exit codes and an example; so says the README", async () => {
    const readme = readFileSync("README.md", "utf8");
    const { stdout: list } = await nanproof([]);
    const names = [...list.matchAll(/^ {2}nanproof (\w+)/gm)].map((match) => match[1] as string);
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const { stdout } = await nanproof(["help", name]);
      expect(stdout, name).toContain(`Example: npx nanproof ${name}`);
      const exits = /Exit codes: ([\s\S]*?); 2 bad usage/.exec(stdout)?.[1]?.replace(/\s+/g, " ");
      const [row = ""] = readme.split("\n").filter((line) => line.startsWith(`| \`nanproof ${name}`));
      expect(row.split(" | ").at(-1), name).toBe(`${exits} |`);
      expect((await nanproof([name, "-h"])).stdout).toBe(stdout);
    }
    const { stdout } = await nanproof(["help", "train"]);
    const words = stdout.replace(/\[value\]/g, "").replace(/\s+/g, " ");
    expect(words).toContain("which says how many steps (default 100)");
    expect(words).toContain("published, published-l2, published-clip, hardened (default published)");
  });

  it.each([["--help"], ["train", "--help"], ["replay", "--help"], ["compare", "--help"]])(
    "%s %s",
    async (...args) => {
      const { exitCode, stdout, stderr } = await nanproof(args);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toMatch(/^nanproof /);
      expect(stdout).toContain("--help");
    },
  );
});

it("wrong use leaves nothing behind", () => {
  expect(readdirSync(cwd)).toEqual(["text.txt"]);
});
