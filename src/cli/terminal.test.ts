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
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { openEngine } from "../engines/open.ts";
import { growingUnit } from "../engines/tfjs/testing/smallCase.ts";
import { writeFixture } from "../fixtures/store.ts";
import { storedFixture } from "../fixtures/testing/storedFixture.ts";
import { deadly } from "../search/testing/deadly.ts";
import { longRun } from "./testing/longRun.ts";
import { Screen, type Size } from "./testing/screen.ts";

const repository = resolve(".");
const main = resolve("dist/cli/main.js");
const cwd = mkdtempSync(join(tmpdir(), "nanproof-terminal-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

writeFileSync(
  join(cwd, "story.txt"),
  "The cat sat on the mat and saw the dog. A dog ran to the cat. ".repeat(8),
);
writeFileSync(join(cwd, "deadly.json"), JSON.stringify(deadly));
const dying = (await storedFixture(growingUnit(), "step", await openEngine("explorer"))).fixture;
const step = writeFixture(join(cwd, "fixtures"), dying).slice(cwd.length + 1);
mkdirSync(join(cwd, "long"));
writeFileSync(join(cwd, "long/long.json"), JSON.stringify(longRun(dying, 60_000)));
const recordings = ["fresh-batches", "overflow-long-sequence", "uneven-units", "l2-regularised"].map(
  (name) => {
    copyFileSync(`fixtures/recordings/${name}.json`, join(cwd, `${name}.json`));
    return `${name}.json`;
  },
);

const SIZES: Size[] = [
  { columns: 110, rows: 40 },
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
];

/** How a progress line begins, that of every command. */
const PROGRESS = /^(step \d+\/|\d+ (of \d+ )?cases|fixture \d+\/|shrinking|recording \d+\/|trying the known)/;

const TRAIN = ["train", "--text", "story.txt", "--units", "16", "--batch", "4", "--engine", "tfjs-cpu"];

/** Commands that draw progress; what they print is the same every time but for figures. */
const COMMANDS: Record<string, string[]> = {
  "train that lives": [...TRAIN, "--epochs", "30", "--learning-rate", "1e-6"],
  "train that dies": [...TRAIN, "--learning-rate", "1000", "--out", "found"],
  hunt: ["hunt", "--domain", "deadly.json", "--cases", "40", "--workers", "1"],
  shrink: ["shrink", step, "--engine", "tfjs-cpu", "--out", "small"],
  "shrink --run": ["shrink", "long/long.json", "--candidates", "3", "--out", "small"],
  gate: ["gate", "--budget", "0"],
  replay: ["replay", "long/long.json"],
  "replay --update": ["replay", step, "--update"],
  compare: ["compare", ...recordings, "--engine", "tfjs-cpu"],
  bench: ["bench", "--sizes", "4x2x3,8x2x3", "--seconds", "0.3", "--engines", "explorer,tfjs-cpu"],
};

/** A line without what differs from run to run, and from width to width: figures and blanks. */
const plain = (line: string) => line.replace(/\d+(\.\d+)?(e[+-]?\d+)?/g, "#").replace(/\s/g, "");
const plainLines = (text: string) => text.split("\n").map(plain).filter(Boolean);

/** A command on a screen, where everything is seen that was drawn in the wrong place. */
function watched(args: string[], size: Size) {
  const misplaced: string[] = [];
  let drawn = 0;
  const screen = new Screen([process.execPath, main, ...args], { size, cwd }, (seen) => {
    const { rows, cursor } = seen.rows();
    rows.forEach((row, index) => {
      if (!PROGRESS.test(row)) return;
      if (index === cursor.row && cursor.column === 0) drawn += 1;
      else misplaced.push(`row ${index}, cursor in ${cursor.row}: ${row}`);
    });
  });
  return { screen, misplaced, drawn: () => drawn };
}

/** What a command prints where nobody watches. */
async function unwatched(args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { reject: false, cwd });
  const notes = stderr.split("\n").filter((line) => !PROGRESS.test(line));
  return { exitCode, result: plainLines(stdout), notes: plainLines(notes.join("\n")) };
}

describe.each(Object.entries(COMMANDS))("%s", (name, args) => {
  const expected = unwatched(args);

  it.each(SIZES)("shows all that it prints, and nothing else, at $columns x $rows", async (size) => {
    const { exitCode, result, notes } = await expected;
    const { screen, misplaced, drawn } = watched(args, size);
    expect((await screen.ended).exitCode).toBe(exitCode);
    expect(misplaced).toEqual([]);
    const left = [...notes];
    const printed = screen
      .lines()
      .map(plain)
      .filter(Boolean)
      .filter((line) => {
        const at = left.indexOf(line);
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      });
    expect(printed).toEqual(result);
    expect(left).toEqual([]);
    if (!["bench", "gate", "replay --update"].includes(name)) expect(drawn()).toBeGreaterThan(0);
  });
});
