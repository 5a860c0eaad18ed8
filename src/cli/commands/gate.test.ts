import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { judgeFix } from "../../fixtures/judge.ts";
import { readFixture, writeFixture } from "../../fixtures/store.ts";
import { storedFixture } from "../../library/testing/storedFixture.ts";
import { presets } from "../../programs/lstm/cases/presets.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { growingUnit } from "../../programs/lstm/engines/tfjs/testing/smallCase.ts";
import type { Fix } from "../../programs/lstm/fixes/fixes.ts";
import { fixNamed } from "../../programs/lstm/fixes/fixes.ts";
import { longRun } from "../testing/longRun.ts";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-gate-cli-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const engine = await openEngine("explorer");
const dying = await storedFixture(growingUnit(), "step", engine);
const name = writeFixture(join(cwd, "fixtures"), dying.fixture).replace(`${cwd}/`, "");

const run = (...args: string[]) => runNanproof(["gate", ...args], { cwd, timeout: 100_000 });
const gate = (...args: string[]) => run(...args, "--budget", "0");

/** A folder below cwd with a copy of the fixture, and what else is put there. */
function folderWith(folder: string, others: Record<string, string>): string {
  mkdirSync(join(cwd, folder));
  copyFileSync(join(cwd, name), join(cwd, folder, "dying.json"));
  for (const [file, text] of Object.entries(others)) writeFileSync(join(cwd, folder, file), text);
  return folder;
}

describe("nanproof gate", () => {
  it("is green over fixtures/ for hardened, its defaults", async () => {
    const { exitCode, stdout } = await gate("--json");
    expect(JSON.parse(stdout)).toEqual({
      subject: "hardened",
      held: [name],
      failed: [],
      stale: [],
      notJudged: [],
      hunt: null,
    });
    expect(exitCode).toBe(0);
  });

  it("is red for published-clip, naming what fails", async () => {
    const { exitCode, stdout } = await gate("--subject", "published-clip", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      held: [],
      failed: [{ fixture: name, signature: "forward/recurrence-overflow/relu" }],
    });
    expect(exitCode).toBe(1);
    const words = await gate("--subject", "published-clip");
    expect(words.stdout).toContain(`npx nanproof replay ${name}`);
  });

  it("is red for a fixture that is stale", async () => {
    const healed = JSON.stringify(dying.fixture).replace('"activation":"relu"', '"activation":"tanh"');
    const folder = folderWith("stale", { "healed.json": healed, "notes.txt": "no fixture" });
    const { exitCode, stdout } = await gate("--fixtures", folder, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      held: ["stale/dying.json"],
      stale: [{ fixture: "stale/healed.json", why: expect.stringMatching(/^stale: stays finite/) }],
    });
    expect(exitCode).toBe(1);
  });

  it("exits with 3 where no fixture tells of the fix", async () => {
    const { exitCode, stdout } = await gate("--subject", "learning-rate-tenth", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      held: [],
      notJudged: [{ fixture: name, why: expect.stringContaining("run fixture") }],
    });
    expect(exitCode).toBe(3);
  });

  it("takes a user's own fix, and judges it like a known one", async () => {
    const source = "export const fix = (c) => ({ ...c, model: { ...c.model, cellClip: 50 } });";
    writeFileSync(join(cwd, "my-fix.mjs"), source);
    const { exitCode, stdout } = await gate("--subject", "./my-fix.mjs", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ subject: "my-fix.mjs", held: [name] });
    expect(exitCode).toBe(0);
    expect(await judgeFix(readFixture(join(cwd, name)), fixNamed("cell-clip") as Fix, engine)).toEqual({
      verdict: "holds",
    });
  });

  it("takes a fix that prints, in TypeScript: stdout is the document alone, stderr has it escaped", async () => {
    const source = `console.log("\\x1b[2Jone\\n::error::two");
export const fix = (c: { model: object }) => (console.error("called"), { ...c, model: { ...c.model, cellClip: 50 } });`;
    writeFileSync(join(cwd, "prints.ts"), source);
    const { exitCode, stdout, stderr } = await gate("--subject", "prints.ts", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ subject: "prints.ts", held: [name] });
    for (const line of ["prints.ts: \\x1b[2Jone", "prints.ts: ::error::two", "prints.ts: called"])
      expect(stderr.split("\n")).toContain(line);
    expect(exitCode).toBe(0);
  });

  it("goes by what a fix makes, not by what it throws while nobody waits", async () => {
    const late = `export const fix = (c) => {
      setTimeout(() => { throw new Error("late"); });
      Promise.reject(new Error("later"));
      return { ...c, model: { ...c.model, cellClip: 50 } };
    };`;
    writeFileSync(join(cwd, "late.mjs"), late);
    expect((await gate("--subject", "late.mjs")).exitCode).toBe(0);
  });

  it("hunts under a user's own fix", async () => {
    writeFileSync(
      join(cwd, "same.mjs"),
      "export const fix = (c) => ({ ...c, model: { ...c.model, cellClip: 9 } });",
    );
    const { exitCode, stdout } = await run("--subject", "same.mjs", "--budget", "3s", "--json");
    const { hunt } = JSON.parse(stdout);
    expect(hunt).toMatchObject({ deaths: 0, replay: "npx nanproof gate --subject same.mjs --budget 3s" });
    expect(exitCode).toBe(hunt.cases > 0 ? 0 : 3);
  });

  it("hunts for new deaths of the subject where it has a budget, and tells of it as hunt does", async () => {
    const { exitCode, stdout } = await run("--budget", "3s", "--json");
    const { held, hunt } = JSON.parse(stdout);
    expect(held).toEqual([name]);
    expect(Object.keys(hunt)).toEqual([
      "cases",
      "casesPerSecond",
      "steps",
      "work",
      "deaths",
      "firstFailureSeconds",
      "failures",
      "seed",
      "replay",
    ]);
    expect(hunt).toMatchObject({ deaths: 0, failures: [], seed: "1" });
    expect(hunt.replay).toBe(
      `npx nanproof hunt --preset hardened --domain wide --seed 1 --cases ${Math.max(1, hunt.cases)}`,
    );
    // A machine that is too busy to finish one case in that time says nothing of the subject.
    expect(exitCode).toBe(hunt.cases > 0 ? 0 : 3);
  });

  it("does not judge what is past the bound of work, and says which flag raises it", async () => {
    const long = JSON.stringify(longRun(dying.fixture, 10_000_000));
    const folder = folderWith("long", { "long.json": long });
    const { exitCode, stdout } = await gate("--fixtures", folder, "--json");
    expect(exitCode).toBe(0);
    const { held, notJudged } = JSON.parse(stdout);
    expect(held).toEqual(["long/dying.json"]);
    const why =
      "it dies at step 10000000, and that is past the bound of 2e+11 multiply-adds; --max-work 6.3e+11 is enough";
    expect(notJudged).toEqual([{ fixture: "long/long.json", why }]);
    const small = await gate("--fixtures", "fixtures", "--max-work", "1000", "--json");
    expect(small.exitCode).toBe(3);
    const [, enough = ""] =
      /--max-work (\S+) is enough/.exec(JSON.parse(small.stdout).notJudged[0].why) ?? [];
    const again = await gate("--fixtures", "fixtures", "--max-work", enough, "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ held: [name], notJudged: [] });
  });

  it("changes no fixture", () => {
    expect(readFileSync(join(cwd, name), "utf8")).toBe(
      readFileSync(writeFixture(join(cwd, "again"), dying.fixture), "utf8"),
    );
  });
});

describe("nanproof gate of several subjects", () => {
  const second = folderWith("second", {});
  const source = { ...presets.hardened, steps: 7 };
  writeFileSync(join(cwd, "my hardened.json"), JSON.stringify(source));
  const document = (subject: string, held: string[], failed: string[] = []) => ({
    ...{ subject, held, stale: [], notJudged: [], hunt: null },
    failed: failed.map((fixture) => ({ fixture, signature: "forward/recurrence-overflow/relu" })),
  });
  const both = [name, "second/dying.json"];

  it("judges every fixture of every folder under each: a list of today's documents, and the worst exit code", async () => {
    const { exitCode, stdout } = await gate(
      ...["--fixtures", "fixtures", "--fixtures", second, "--json"],
      ...["--subject", "hardened", "--subject", "published-clip"],
    );
    expect(JSON.parse(stdout)).toEqual([document("hardened", both), document("published-clip", [], both)]);
    expect(exitCode).toBe(1);
  });

  it("ends with a table of fixtures by subjects", async () => {
    const { stdout } = await gate("--subject", "hardened", "--subject", "published-clip", "--subject", "l2");
    const [head = "", row = ""] = stdout.split("\n").slice(-2);
    expect(head.trim().split(/\s+/)).toEqual(["hardened", "published-clip", "l2"]);
    expect(row.split(/\s+/)).toEqual([name, "held", "FAILED", "-"]);
  });

  it("is inconclusive where one of them says nothing, and the others hold", async () => {
    const { exitCode } = await gate("--subject", "hardened", "--subject", "learning-rate-tenth");
    expect(exitCode).toBe(3);
  });

  it("takes a case as it takes a preset: alone in place of the default, beside subjects, or as one of them", async () => {
    const alone = await gate("--case", "my hardened.json", "--json");
    expect(JSON.parse(alone.stdout)).toEqual(document("my hardened.json", [name]));
    expect(alone.exitCode).toBe(0);
    const beside = await gate("--case", "my hardened.json", "--subject", "published-clip", "--json");
    expect(JSON.parse(beside.stdout)).toEqual([
      document("published-clip", [], [name]),
      document("my hardened.json", [name]),
    ]);
    const named = await gate("--subject", "my hardened.json", "--json");
    expect(JSON.parse(named.stdout)).toEqual(document("my hardened.json", [name]));
  });

  it("hunts what the case trains, and prints the hunt that finds the same again", async () => {
    const { exitCode, stdout } = await run("--case", "my hardened.json", "--budget", "3s", "--json");
    const { hunt } = JSON.parse(stdout);
    expect(hunt.replay).toBe(
      `npx nanproof hunt --case 'my hardened.json' --domain wide --seed 1 --cases ${Math.max(1, hunt.cases)}`,
    );
    expect(exitCode).toBe(hunt.cases > 0 ? 0 : 3);
  });

  it("tells a build of each fixture under each subject", async () => {
    const { stdout } = await gate(
      ...["--subject", "hardened", "--subject", "published-clip", "--reporter", "junit"],
    );
    expect([...stdout.matchAll(/<testcase [^>]*name="([^"]*)"/g)].map(([, item]) => item)).toEqual([
      `${name} under hardened`,
      `${name} under published-clip`,
    ]);
  });
});

describe("nanproof gate, misused", () => {
  mkdirSync(join(cwd, "empty"));
  symlinkSync("loop", join(cwd, "loop"));
  writeFileSync(join(cwd, "throws.mjs"), "export const fix = () => { throw new Error('not mine') };");
  writeFileSync(join(cwd, "exits.mjs"), "process.exit(0);");
  writeFileSync(
    join(cwd, "fits-one.mjs"),
    `export const fix = (c) => {
      if (c.data.kind !== "explicit") throw new Error("not generated");
      return { ...c, model: { ...c.model, cellClip: 50 } };
    };`,
  );
  const WRONG: [args: string[], says: string][] = [
    [["--fixtures", "nowhere"], '--fixtures is "nowhere": there is no such folder'],
    [["--fixtures", "throws.mjs"], '--fixtures is "throws.mjs": it is no folder'],
    [["--fixtures", "loop"], '--fixtures is "loop": it cannot be read (ELOOP: '],
    [["--fixtures", "empty"], '--fixtures is "empty": it holds no fixture (*.json)'],
    [["--fixtures", folderWith("broken", { "zz.json": "{" })], "broken/zz.json: is not JSON"],
    [["--subject", "nope"], '--subject is "nope": there is no such fix or preset'],
    [["--subject", "nope.mjs"], "nope.mjs: there is no such file"],
    [["--subject", "l2", "--subject", "l2"], '--subject is given "l2" twice'],
    [["--fixtures", "fixtures", "--fixtures", "./fixtures/"], '--fixtures is given "./fixtures/" twice'],
    [["--case", "nope.json"], "nope.json: "],
    [["--case", "my-fix.mjs"], "my-fix.mjs: is not JSON"],
    [
      ["--subject", "my hardened.json", "--case", "./my hardened.json"],
      '--case is given "./my hardened.json" twice',
    ],
    [["--subject", "fits-one.mjs", "--budget", "5s"], "fits-one.mjs: fix threw: Error: not generated"],
    [["--max-work", "0"], '--max-work is "0": give it once, a number above 0'],
    [["--budget", "soon"], '--budget is "soon": give it once, a time like 30s, '],
    [["--subject", "exits.mjs"], "exits.mjs: its process ended with exit code 0 while it was loaded"],
    [["--subject", "./loop"], "loop: cannot be read (ELOOP)"],
    [["--subject", "throws.mjs"], "throws.mjs: fix threw: Error: not mine"],
  ];
  it.concurrent.each(WRONG)("gate %j", async (args, says) => {
    const { exitCode, stdout, stderr } = await (args.includes("--budget") ? run : gate)(...args, "--json");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/\[NANPROOF_E_[A-Z0-9_]+\]$/);
  });
});
