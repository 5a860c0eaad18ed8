import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { writeFixture } from "../fixtures/store.ts";
import { deadly } from "../hunt/testing/deadly.ts";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { growingUnit } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { longRun } from "./testing/longRun.ts";
import { MAIN, runNanproof } from "./testing/nanproof.ts";
import { Screen, type Size } from "./testing/screen.ts";

// Many commands, one after the other.
vi.setConfig({ testTimeout: 600_000 });

const start = resolve("scripts/start.ts");
const tsx = resolve("node_modules/tsx/dist/cli.mjs");
const cwd = mkdtempSync(join(tmpdir(), "nanproof-terminal-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const engine = await openEngine("explorer");
const dying = (await storedFixture(growingUnit(), "step", engine)).fixture;
const dyingRun = (await storedFixture(growingUnit(), "run", engine)).fixture;
const step = writeFixture(join(cwd, "fixtures"), dying).slice(cwd.length + 1);
/** Puts a file into the folder that the commands run in. */
function place(name: string, contents: string | object): string {
  writeFileSync(join(cwd, name), typeof contents === "string" ? contents : JSON.stringify(contents));
  return name;
}
place("story.txt", "The cat sat on the mat and saw the dog. A dog ran to the cat. ".repeat(8));
place("deadly.json", deadly);
place("run.json", dyingRun);
place("long.json", longRun(dying, 60_000));
place("endless.json", longRun(dying, 10_000_000));
const recordings = ["fresh-batches", "overflow-long-sequence", "uneven-units", "l2-regularised"].map(
  (name) => {
    copyFileSync(`fixtures/recordings/${name}.json`, join(cwd, `${name}.json`));
    return `${name}.json`;
  },
);
// The tour runs what is built in the folder that it is started in.
symlinkSync(resolve("dist"), join(cwd, "dist"));

const SIZES: Size[] = [
  { columns: 110, rows: 40 },
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
];

/** The beginnings of the progress lines of all commands. */
const PROGRESS =
  /^(step \d+\/|0 cases$|\d+ of \d+ cases {2}|\d+ cases, \d+ of|fixture \d+\/|shrinking|recording \d+\/|trying the known.* of )/;

const TRAIN = ["train", "--text", "story.txt", "--units", "8", "--batch", "4"];
const SLOWLY = [...TRAIN, "--engine", "tfjs-cpu", "--learning-rate", "1e-6"];

/** Commands that show progress, and what they print the same every time but for figures; `OUT` is a folder of its own. */
const COMMANDS: Record<string, string[]> = {
  "train that lives": [...SLOWLY, "--epochs", "20"],
  "train that dies": [...TRAIN, "--learning-rate", "1000", "--out", "OUT"],
  hunt: ["hunt", "--domain", "deadly.json", "--cases", "40", "--workers", "1", "--out", "OUT"],
  shrink: ["shrink", step, "--engine", "tfjs-cpu", "--out", "OUT"],
  "shrink of a run": ["shrink", "run.json", "--candidates", "30", "--out", "OUT"],
  gate: ["gate", "--budget", "0"],
  replay: ["replay", "long.json"],
  "replay --update": ["replay", step, "--update"],
  compare: ["compare", ...recordings, "--engine", "tfjs-cpu"],
  bench: ["bench", "--sizes", "4x2x3,8x2x3", "--seconds", "0.3", "--engines", "explorer,tfjs-cpu"],
};
/** Over too soon, on a fast machine, to show any. */
const BRIEF = ["train that dies", "gate", "replay --update", "bench", "shrink", "shrink of a run"];

let folders = 0;
const inOwnFolder = (args: string[]) => args.map((arg) => (arg === "OUT" ? `out-${folders++}` : arg));

/** A line without what differs from run to run, and from width to width: figures and blanks. */
const plain = (line: string) => line.replace(/\d+(\.\d+)?(e[+-]?\d+)?/g, "#").replace(/\s/g, "");
const plainLines = (lines: readonly string[]) => lines.map(plain).filter(Boolean);

/** A program on a screen, where whatever is drawn in the wrong place is seen. */
function watched(command: readonly string[], size: Size) {
  const misplaced: string[] = [];
  let drawn = 0;
  const screen = new Screen([process.execPath, ...command], { size, cwd }, (seen) => {
    const { rows, cursor } = seen.rows();
    rows.forEach((row, index) => {
      if (!PROGRESS.test(row)) return;
      if (index === cursor.row && cursor.column === 0) drawn += 1;
      else misplaced.push(`row ${index}, cursor in ${cursor.row}: ${row}`);
    });
  });
  return { screen, misplaced, drawn: () => drawn };
}

/** The output of a command where nobody watches. */
async function unwatched(args: string[]) {
  const { exitCode, stdout, stderr } = await runNanproof(inOwnFolder(args), { cwd });
  const notes = stderr.split("\n").filter((line) => !PROGRESS.test(line));
  return { exitCode, result: plainLines(stdout.split("\n")), notes: plainLines(notes) };
}

/** The lines on a screen that are none of these notes. */
function besides(
  notes: readonly string[],
  lines: readonly string[],
): { result: string[]; missing: string[] } {
  const missing = [...notes];
  const result = plainLines(lines).filter((line) => {
    const at = missing.indexOf(line);
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  return { result, missing };
}

describe.each(Object.entries(COMMANDS))("%s", (name, args) => {
  it("shows all that it prints and nothing else, at three sizes", async () => {
    const { exitCode, result, notes } = await unwatched(args);
    for (const size of SIZES) {
      const { screen, misplaced, drawn } = watched([MAIN, ...inOwnFolder(args)], size);
      expect((await screen.ended).exitCode).toBe(exitCode);
      expect(misplaced).toEqual([]);
      expect(besides(notes, screen.lines())).toEqual({ result, missing: [] });
      if (!BRIEF.includes(name)) expect(drawn()).toBeGreaterThan(0);
    }
  });
});

it("gate hunts on one screen with its result", async () => {
  const { screen, misplaced, drawn } = watched([MAIN, "gate", "--budget", "4s"], { columns: 80, rows: 24 });
  await screen.ended;
  expect(misplaced).toEqual([]);
  expect(drawn()).toBeGreaterThan(0);
  const lines = screen.lines();
  expect(lines[0]).toMatch(/^hardened: 1 held, 0 failed/);
  expect(lines.slice(1).filter(Boolean)[0]).toBe("hunted over wide on hardened");
});

describe("the tour", () => {
  it.each(SIZES)("is what it prints, at $columns x $rows", async (size) => {
    const { screen, misplaced, drawn } = watched([tsx, start], size);
    expect((await screen.ended).exitCode).toBe(0);
    expect(misplaced).toEqual([]);
    expect(drawn()).toBeGreaterThan(0);
    const lines = screen.lines();
    const epochs = lines.filter((line) => line.startsWith("Epoch "));
    expect(epochs).toEqual(epochs.map((_, index) => `Epoch ${index + 1}/100`));
    const times = lines.filter((line) =>
      /^ {8}Time : [\d.]+ s\s+Loss : (nan|[\d.]+\s+Val Loss : [\d.]+)$/.test(line),
    );
    expect(times).toHaveLength(epochs.length);
    expect(lines.filter((line) => /^captured in nanproof-findings\/[\w-]+\.json$/.test(line))).toHaveLength(
      1,
    );
    expect(lines.filter((line) => line.startsWith("reproduced: nanproof-findings/"))).toHaveLength(1);
    expect(lines.at(-1)).toBe("  npx nanproof --help");
  });

  it("ends on Ctrl-C in good order", async () => {
    const { screen, misplaced } = watched([tsx, start], { columns: 80, rows: 24 });
    await screen.until((lines) => lines.includes("Epoch 2/100"));
    screen.type("\x03");
    expect((await screen.ended).exitCode).toBe(130);
    expect(misplaced).toEqual([]);
    expect(screen.lines().at(-1)).toMatch(/^interrupted in epoch \d+ after \d+ steps, /);
  });
});

describe("Ctrl-C", () => {
  it.each([
    ["train", [...SLOWLY, "--epochs", "100000"], /^interrupted in epoch \d+ after /],
    ["replay", ["replay", "endless.json"], /^$/],
  ])("leaves no progress line behind, nor a word above it: %s", async (_, args, last) => {
    const { screen } = watched([MAIN, ...args], { columns: 80, rows: 24 });
    await screen.until((lines) => lines.some((line) => /^step [1-9]/.test(line)));
    screen.type("\x03");
    expect((await screen.ended).exitCode).toBe(130);
    const lines = screen.lines();
    expect(lines.filter((line) => /step \d+\/|\^C/.test(line))).toEqual([]);
    expect(lines.at(-1) ?? "").toMatch(last);
    expect(screen.rows().cursor.column).toBe(0);
  });
});

it.each([
  ["narrower", { columns: 110, rows: 40 }, { columns: 50, rows: 20 }],
  ["wider", { columns: 50, rows: 20 }, { columns: 110, rows: 40 }],
])("a window made %s keeps what stands above the progress line", async (_, before, after) => {
  const { screen } = watched([MAIN, ...SLOWLY, "--epochs", "100000"], before);
  await screen.until(
    (lines) => lines.includes("Epoch 3/100000") && lines.some((line) => PROGRESS.test(line)),
  );
  screen.resize(after);
  await screen.until((lines) => lines.includes("Epoch 8/100000"));
  screen.type("\x03");
  await screen.ended;
  const lines = screen.lines();
  expect(lines.filter((line) => PROGRESS.test(line))).toEqual([]);
  const epochs = lines.filter((line) => line.startsWith("Epoch "));
  expect(epochs).toEqual(epochs.map((_, index) => `Epoch ${index + 1}/100000`));
});

it("a pipe between stdout and the terminal finds an empty line to print on", async () => {
  const line = `'${process.execPath}' '${MAIN}' ${SLOWLY.join(" ")} --epochs 20 | cat`;
  const screen = new Screen(["/bin/sh", "-c", line], { size: { columns: 80, rows: 24 }, cwd });
  await screen.ended;
  const epochs = screen.lines().filter((line) => line.includes("Epoch "));
  expect(epochs).toEqual(epochs.map((_, index) => `Epoch ${index + 1}/20`));
  expect(epochs).toHaveLength(20);
});

describe("off a terminal", () => {
  it("the last line of progress is true", async () => {
    const args = ["--text", "story.txt", "--units", "3", "--batch", "99", "--epochs", "3"];
    const { stdout, stderr } = await runNanproof(["train", ...args], { cwd });
    expect(stdout).toContain("completed finite: 3 steps");
    expect(
      stderr
        .split("\n")
        .filter((line) => PROGRESS.test(line))
        .at(-1),
    ).toMatch(/^step 3\/3 {2}loss /);
  });

  it("nothing moves a cursor", async () => {
    const { all, exitCode } = await runNanproof(["gate", "--budget", "0"], { cwd, all: true });
    expect(exitCode).toBe(0);
    expect(all).not.toContain("\x1b");
    expect(all).not.toContain("\r");
  });
});
