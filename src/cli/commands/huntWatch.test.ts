import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { execa } from "execa";
import { afterAll, describe, expect, it, vi } from "vitest";
import { deadly } from "../../hunt/testing/deadly.ts";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-watch-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(join(cwd, "deadly.json"), JSON.stringify(deadly));

const HUNT = "--domain deadly.json --no-shrink --confirm explorer --workers 1";
const words = (line: string) => line.split(" ").filter(Boolean);
const start = (line: string) => runNanproof(["hunt", ...words(HUNT), ...words(line)], { cwd });

const isObservation = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync("schemas/observation.json", "utf8")),
);
/** The observations of a file, each checked against the schema; it must hold whole lines alone. */
function observations(file: string) {
  const text = readFileSync(join(cwd, file), "utf8");
  expect(text === "" || text.endsWith("\n")).toBe(true);
  const all = text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  for (const one of all) expect(isObservation(one), JSON.stringify(isObservation.errors)).toBe(true);
  return all;
}
const casesIn = (file: string) => observations(file).filter(({ type }) => type === "test_case");
const numbersIn = (file: string) => casesIn(file).map(({ metadata }) => metadata.case);
const upTo = (count: number) => [...Array(count).keys()];

describe("hunt --stats", () => {
  it("tells what was drawn by label, what died, what stopped it and the slowest cases", async () => {
    const { stdout } = await start("--cases 40 --out stats --stats");
    const text = stdout.slice(stdout.indexOf("\nstatistics:\n"));
    expect(text).toMatch(/\n {2}- 40 cases: \d+ lived, \d+ stopped cold, .* \d+ died, 0 lost\n/);
    for (const label of ["batch size", "length", "padding layouts", "learning rate", "preset"])
      expect(text).toMatch(new RegExp(`\\n {4}${label}\\n {4}\\* \\d+\\.\\d\\d %, `));
    expect(text).toMatch(/\n {4}\* 100\.00 %, published; \d+ of 40 died\n/);
    expect(text).toMatch(/ {2}- Died:\n {4}\* [\d.]+ %, forward\//);
    expect(text).toContain("\n  - Stopped because --cases is 40\n");
    expect(text).toMatch(
      /\n {2}- Slowest:\n {4}\* \S+ ms, case \d+ \(.* after \d+ steps\): preset published, layers 3,/,
    );
  });

  it("is in the JSON document, and only where it is asked for", async () => {
    const { stdout } = await start("--cases 40 --out stats-json --stats --json");
    const { stats, deaths, cases } = JSON.parse(stdout);
    expect(stats).toMatchObject({ cases, died: deaths, lost: 0, stoppedBecause: "--cases is 40" });
    expect(Object.values(stats.deaths)).toEqual([deaths]);
    const drawn = stats.drawn["batch size"] as { value: number; cases: number; deaths: number }[];
    expect(drawn.map(({ value }) => value)).toEqual([1, 2]);
    expect(drawn.reduce((sum, { deaths: some }) => sum + some, 0)).toBe(deaths);
    expect(stats.slowest).toHaveLength(5);
  });

  it("counts the cases of its own call where it goes on", async () => {
    await start("--cases 10 --out going-on");
    const { stdout } = await start("--cases 30 --out going-on --stats");
    expect(stdout).toContain("- 20 cases, after 10 of an earlier call, which are not counted here: ");
  });
});

describe("hunt --observe", () => {
  it("adds a line a case, in their order, and the statistics at the end; nothing else changes", async () => {
    const { exitCode, stdout } = await start("--cases 40 --out observed --observe cases.jsonl --json");
    const { deaths, replay } = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).not.toHaveProperty("stats");
    expect(replay).not.toContain("--observe");
    expect(numbersIn("cases.jsonl")).toEqual(upTo(40));
    const dead = casesIn("cases.jsonl").filter(({ status }) => status === "failed");
    expect(dead).toHaveLength(deaths);
    expect(dead[0]).toMatchObject({
      status_reason: expect.stringMatching(/^forward\//),
      arguments: { schemaVersion: 1, model: { inputs: 8 } },
      how_generated: "drawn",
      features: { "batch size": expect.any(Number), preset: "published" },
      timing: { "execute:test": expect.any(Number) },
      property: "hunt of published over deadly.json",
    });
    expect(observations("cases.jsonl").at(-1)).toMatchObject({ type: "info", title: "Hunt statistics" });
  });

  it("goes on in the same file where the hunt does, and cuts off a line that is not whole", async () => {
    await start("--cases 10 --out resumed --observe resumed.jsonl");
    appendFileSync(join(cwd, "resumed.jsonl"), '{"type":"test_case","status":"pas');
    const { stderr } = await start("--cases 20 --out resumed --observe resumed.jsonl");
    expect(stderr).toContain("resumed.jsonl: its last line was not whole, and was cut off");
    expect(numbersIn("resumed.jsonl")).toEqual(upTo(20));
    const starts = new Set(observations("resumed.jsonl").map(({ run_start }) => run_start));
    expect(starts.size).toBe(2);
  });

  it("has whole lines where the hunt is killed", async () => {
    const hunt = start("--cases 100000 --out killed --observe killed.jsonl");
    const file = join(cwd, "killed.jsonl");
    await vi.waitUntil(() => existsSync(file) && readFileSync(file, "utf8").split("\n").length >= 20, {
      timeout: 100_000,
    });
    hunt.kill("SIGKILL");
    await hunt;
    const seen = numbersIn("killed.jsonl");
    expect(seen).toEqual(upTo(seen.length));
    expect(seen.length).toBeGreaterThanOrEqual(19);
  });

  it.runIf(existsSync("/dev/full"))("tells of a full disk once, and keeps every fixture", async () => {
    const { exitCode, stdout, stderr } = await start("--cases 40 --out full --observe /dev/full --json");
    expect(exitCode).toBe(2);
    expect(stderr.match(/can no longer be written to \(ENOSPC/g)).toHaveLength(2);
    for (const { fixture } of JSON.parse(stdout).failures) expect(existsSync(join(cwd, fixture))).toBe(true);
    await start("--cases 40 --out not-full");
    const kept = (folder: string) => readdirSync(join(cwd, folder)).filter((name) => name.endsWith(".json"));
    expect(kept("full")).toEqual(kept("not-full"));
    expect(kept("full").length).toBeGreaterThan(0);
  });

  it.skipIf(process.platform === "win32")(
    "tells of a reader that leaves, and keeps every fixture",
    async () => {
      execFileSync("mkfifo", [join(cwd, "pipe")]);
      const reader = execa("head", ["-n", "1", "pipe"], { cwd });
      const { exitCode, stdout, stderr } = await start("--cases 40 --out left --observe pipe --json");
      expect(JSON.parse((await reader).stdout)).toMatchObject({ type: "test_case", metadata: { case: 0 } });
      expect(stderr).toContain("it can no longer be written to (EPIPE");
      expect(exitCode).toBe(2);
      expect(JSON.parse(stdout).failures.length).toBeGreaterThan(0);
    },
  );

  writeFileSync(join(cwd, "mine.json"), '{"type":"mine"}\n');
  writeFileSync(join(cwd, "torn.json"), "[1, 2");
  it.each([
    ["missing/cases.jsonl", 'there is no folder "missing"'],
    ["mine.json", "it holds something else than observations"],
    ["torn.json", "it holds something else than observations"],
    [".", "it cannot be written to (EISDIR"],
  ])("%s is wrong use, and left as it is", async (file, says) => {
    const { exitCode, stdout, stderr } = await start(`--cases 3 --out none --observe ${file}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`--observe is "${file}": ${says}`);
    expect(readFileSync(join(cwd, "mine.json"), "utf8")).toBe('{"type":"mine"}\n');
    expect(readFileSync(join(cwd, "torn.json"), "utf8")).toBe("[1, 2");
  });
});
