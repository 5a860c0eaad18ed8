import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { deathFile, deathProgram, KEPT_DEATHS, mendedText } from "../../exports/bundle/testing/deaths.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-export-bundle-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const main = resolve("dist/cli/main.js");
const nanproof = (...args: string[]) =>
  execa(process.execPath, [main, ...args], { reject: false, cwd, timeout: 120_000, stdin: "ignore" });
const bundle = (fixture: string, ...args: string[]) => nanproof("export", fixture, "--to", "bundle", ...args);
const FIXTURE = deathFile("tfjs");
const [death] = KEPT_DEATHS;
if (death === undefined) throw new Error("there is a death of tfjs");
const PROGRAM = deathProgram(death);

/** Puts a package into reach of a bundle, as `npm install` in it would. */
function install(folder: string, name: string): void {
  const link = join(cwd, folder, "node_modules", ...name.split("/"));
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(resolve("node_modules", name), link, "junction");
}

/** Runs a bundle in its folder, with nothing of nanproof's in reach. */
const reproduce = (folder: string) =>
  execa(process.execPath, ["reproduce.mjs"], {
    reject: false,
    cwd: join(cwd, folder),
    env: { NODE_PATH: "" },
  });

/** A program in the folder of the tests. */
function written(name: string, change: (text: string) => string): string {
  writeFileSync(join(cwd, name), change(readFileSync(PROGRAM, "utf8")));
  return name;
}

describe("nanproof export --to bundle", () => {
  it("writes a folder that dies in Node with tensorflow.js alone, and 125 where that is not there", async () => {
    const { exitCode, stdout, stderr } = await bundle(FIXTURE, "--program", PROGRAM, "--out", "plain");
    expect([exitCode, stdout, stderr]).toEqual([0, "", "written plain: 12 files"]);
    expect(readdirSync(join(cwd, "plain")).sort()).toEqual([
      ...["README.md", "batch.safetensors", "case.json", "nanproof", "package.json"],
      ...["program", "reproduce.mjs", "state.safetensors"],
    ]);
    const without = await reproduce("plain");
    expect([without.exitCode, without.stderr]).toEqual([125, expect.stringContaining("@tensorflow/tfjs")]);
    install("plain", "@tensorflow/tfjs");
    const ran = await reproduce("plain");
    expect(ran.exitCode, ran.stderr).toBe(1);
    expect(ran.stdout.split("\n").at(-1)).toBe("gradient: expected finite, got nan");
    const runner = readFileSync(join(cwd, "plain/reproduce.mjs"), "utf8").split("\n");
    expect(runner.filter((line) => line !== "" && !line.startsWith("//")).length).toBeLessThanOrEqual(30);
  });

  it.each([
    ["ends by itself with status 1", "process.exit(1);"],
    ["throws", 'throw new Error("no data");'],
    ["waits for ever", "await new Promise(() => {});"],
    ["never takes a step", "return;"],
  ])("ends with 125 where the program %s before its first step", async (what, line) => {
    const folder = what.replaceAll(" ", "-");
    await bundle(FIXTURE, "--program", PROGRAM, "--out", folder);
    install(folder, "@tensorflow/tfjs");
    const program = join(cwd, folder, "program/log-of-policy.mjs");
    const text = readFileSync(program, "utf8");
    expect(text).toContain("train({");
    writeFileSync(program, text.replace(/( +)(async )?train\((.*)\) \{/, `$1async train($3) {\n$1  ${line}`));
    expect(readFileSync(program, "utf8")).toContain(line);
    expect((await reproduce(folder)).exitCode).toBe(125);
  });

  it("verifies it, on the backend wasm too, writes what it saw into it, and tells it all as JSON", async () => {
    const args = ["--program", PROGRAM, "--out", "seen", "--verify", "--json", "--issue"];
    const { exitCode, stdout, stderr } = await bundle(FIXTURE, ...args);
    expect(exitCode, stderr).toBe(0);
    const told = JSON.parse(stdout);
    const last = "gradient: expected finite, got nan";
    expect(told).toMatchObject({
      ...{ to: "bundle", signature: "backward/reciprocal-overflow/RealDiv", step: 11, unknown: [] },
      ...{ isOtherProgram: false, script: null },
      verified: {
        kind: "dies",
        last,
        onWasm: "On the backend wasm it dies too: loss: expected finite, got inf.",
      },
    });
    expect(told.files).toContain("seen/program/log-of-policy.mjs");
    for (const file of told.files) expect(existsSync(join(cwd, file)), file).toBe(true);
    const sentence = `Verified, in a folder by itself: dies so with node ${process.versions.node}, @tensorflow/tfjs 4.22.0`;
    expect(readFileSync(join(cwd, "seen/README.md"), "utf8")).toContain(sentence);
    expect(stderr).toContain(sentence);
    for (const part of [
      ...[
        "**System information**",
        "**Describe the current behavior**",
        "**Describe the expected behavior**",
      ],
      ...["- TensorFlow.js version: `@tensorflow/tfjs 4.22.0`", "the attached folder `seen`", `\`${last}\``],
      ...["<details><summary>The program</summary>", "return tf.neg(tf.mean("],
    ])
      expect(told.issue).toContain(part);
  });

  it("says where the program is another one, and exits 1 where it lives with that", async () => {
    const mended = written("log-of-policy.mjs", (text) => mendedText(death, text));
    install(".", "@tensorflow/tfjs");
    symlinkSync(resolve("."), join(cwd, "node_modules/nanproof"), "junction");
    const { exitCode, stderr } = await bundle(FIXTURE, "--program", mended, "--out", "other", "--verify");
    const said =
      "log-of-policy.mjs is not the file that the fixture was made with: it may die otherwise, or live";
    expect(exitCode).toBe(1);
    expect(stderr).toContain(said);
    expect(stderr).toContain("the step lives in the program itself, and here too");
    expect(readFileSync(join(cwd, "other/README.md"), "utf8")).toContain(said);
    install("other", "@tensorflow/tfjs");
    expect((await reproduce("other")).exitCode).toBe(0);
  });

  it("cuts the fatal step out of a fixture of a run, and says so", async () => {
    const program = resolve("examples/zero-root.mjs");
    await nanproof("train", "--program", program, "--no-shrink", "--out", "found");
    const [name = ""] = readdirSync(join(cwd, "found")).filter((file) => file.endsWith(".json"));
    const fixture = JSON.parse(readFileSync(join(cwd, "found", name), "utf8"));
    // What a run is cut out of: its knobs, seed and steps alone.
    const { binary: _, ...rest } = fixture;
    const { cutOutAt, ...whole } = fixture.case;
    const run = { ...rest, grade: "run", case: whole, expected: { ...fixture.expected, step: cutOutAt } };
    writeFileSync(join(cwd, "run.json"), JSON.stringify(run));
    const { exitCode, stderr } = await bundle("run.json", "--program", program, "--out", "run");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(
      `it is the fatal step of the fixture's run, step ${cutOutAt}, from the state before it`,
    );
    expect(readFileSync(join(cwd, "run/README.md"), "utf8")).toContain(
      `Step ${cutOutAt} of its run, the fatal one, from the state before it.`,
    );
    install("run", "@tensorflow/tfjs");
    const ran = await reproduce("run");
    expect([ran.exitCode, ran.stdout.split("\n").at(-1)]).toEqual([1, "gradient: expected finite, got nan"]);
  });

  const OF_PROGRAM = [FIXTURE, "--program", PROGRAM];
  const OF_JAX = [deathFile("jax"), "--program", resolve("examples/jax_masked_root.py")];
  const LSTM = resolve("fixtures/forward-recurrence-overflow-relu-92253bf5a3fc.json");
  it.each([
    ["--program is missing", "give --program PATH/log-of-policy.mjs", [FIXTURE]],
    ['--program is "none.mjs": there is no such file', "give the path", [FIXTURE, "--program", "none.mjs"]],
    ["that is no program's name", "give the path of a .mjs", [FIXTURE, "--program", resolve("README.md")]],
    ["is a death of nanproof's own LSTM", "give --to pytorch", [LSTM, "--program", PROGRAM]],
    ['--with is "none.csv"', "give a file or a folder", [...OF_PROGRAM, "--with", "none.csv"]],
    ['--out is "full": it is not empty', "give --out another folder", [...OF_PROGRAM, "--out", "full"]],
    ["the program runs in Node", "leave --python out", [...OF_PROGRAM, "--python", "p"]],
    ["and nothing is run", "give --verify too", [...OF_JAX, "--python", "p"]],
  ])("refuses with %s", async (what, remedy, [fixture = "", ...rest]) => {
    mkdirSync(join(cwd, "full/of"), { recursive: true });
    const { exitCode, stdout, stderr } = await bundle(fixture, ...rest);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(what);
    expect(stderr).toContain(remedy);
  });

  it("is what --to pytorch names for a death of a program, and takes --program for itself alone", async () => {
    const { exitCode, stderr } = await nanproof("export", FIXTURE, "--to", "pytorch");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--to bundle --program PATH/log-of-policy.mjs");
    const beside = await nanproof("export", LSTM, "--to", "pytorch", "--program", PROGRAM);
    expect([beside.exitCode, beside.stderr]).toEqual([
      2,
      expect.stringContaining("--program is given beside --to pytorch"),
    ]);
  });
});
