import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, describe, expect, it, vi } from "vitest";
import { readFixture } from "../fixtures/store.ts";
import { deadly } from "../hunt/testing/deadly.ts";
import { MAIN } from "./testing/nanproof.ts";

/** Commands by the dozen, on a machine that may be busy. */
vi.setConfig({ testTimeout: 600_000 });

const cwd = mkdtempSync(join(tmpdir(), "nanproof-readers-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(
  join(cwd, "story.txt"),
  `The cat sat on the mat and saw the dog. A dog ran to the cat and the cat ran to the mat. The mat lay
under the dog. Dogs and cats ran and sat and lay on the mat. The story ends with a cat and a dog on a mat.`,
);
writeFileSync(join(cwd, "deadly.json"), JSON.stringify(deadly));
const LARGE = "forward-discarded-step-overflow-relu-d68c3f0d1362.json";
mkdirSync(join(cwd, "fixtures"));
copyFileSync(resolve("fixtures", LARGE), join(cwd, "fixtures", LARGE));
copyFileSync(resolve("fixtures/recordings/single-step.json"), join(cwd, "recording.json"));

/** The reader of one of a command's outputs: it reads to the end, leaves after some pieces, or is a full device. */
type Output = "read" | "full" | { leavesAfter: number };

interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built command; a reader leaves after so many pieces of output, 0 for before the first. */
function run(line: string, outputs: { stdout?: Output; stderr?: Output }): Promise<Ended> {
  const { stdout = "read", stderr = "read" } = outputs;
  const device = (output: Output) => (output === "full" ? openSync("/dev/full", "w") : "pipe");
  const child = spawn(process.execPath, [MAIN, ...line.split(" ")], {
    cwd,
    stdio: ["ignore", device(stdout), device(stderr)],
  });
  const texts = { stdout: watch(child.stdout, stdout), stderr: watch(child.stderr, stderr) };
  return ended(child, texts);
}

function watch(stream: Readable | null, output: Output): { text: string } {
  const seen = { text: "" };
  let pieces = 0;
  const leave = () => typeof output === "object" && pieces >= output.leavesAfter && stream?.destroy();
  stream?.on("error", () => {});
  stream?.on("data", (chunk) => {
    seen.text += String(chunk);
    pieces += 1;
    leave();
  });
  leave();
  return seen;
}

function ended(child: ChildProcess, { stdout, stderr }: Record<"stdout" | "stderr", { text: string }>) {
  return new Promise<Ended>((done) => {
    child.on("close", (exitCode) => done({ exitCode, stdout: stdout.text, stderr: stderr.text }));
  });
}

/** Fixtures of a folder, each whole. */
function fixturesIn(folder: string): string[] {
  const names = readdirSync(join(cwd, folder)).filter((name) => name !== ".nanproof");
  for (const name of names) readFixture(join(cwd, folder, name));
  return names;
}

/** Dies in its first epoch, so that its death is in hand before the first line on stdout. */
const TRAIN = "train --text story.txt --units 3 --batch 1 --learning-rate 1000";
const HUNT = "hunt --domain deadly.json --cases 40 --confirm explorer --workers 2 --no-shrink";
/** A command, what it ends with where all is read, whether it leaves a fixture, and whether it says anything on stderr. */
type Command = [line: string, is: { code: number; keeps?: boolean; says?: boolean }];
const COMMANDS: Command[] = [
  [TRAIN, { code: 1, keeps: true, says: true }],
  [HUNT, { code: 1, keeps: true, says: true }],
  [`${HUNT} --json`, { code: 1, keeps: true, says: true }],
  // Tells how far it is where it takes longer.
  [`shrink fixtures/${LARGE} --candidates 20`, { code: 0, keeps: true }],
  [`replay fixtures/${LARGE}`, { code: 0 }],
  ["gate --fixtures fixtures --budget 0 --json", { code: 0, says: true }],
  ["compare recording.json", { code: 0, says: true }],
  ["doctor", { code: 0, says: true }],
  ["bench --sizes 2x1x1 --engines explorer --seconds 0.01", { code: 0, says: true }],
  ["hunt --help", { code: 0 }],
];

let folders = 0;
const inFolder = (line: string, keeps: boolean) => {
  const out = `out-${folders++}`;
  return { out, line: keeps ? `${line} --out ${out}` : line };
};

/** Ran it with these outputs: no word of a bug, and what it found is on disk. */
async function outcome(
  command: string,
  keeps: boolean,
  outputs: { stdout?: Output; stderr?: Output },
): Promise<Ended> {
  const { out, line } = inFolder(command, keeps);
  const found = await run(line, outputs);
  expect(found.stderr).not.toMatch(/this is a bug|\n\s+at |EPIPE/);
  if (keeps) expect(fixturesIn(out).length).toBeGreaterThan(0);
  return found;
}

describe.each(COMMANDS)("nanproof %s", (command, { code, keeps = false, says }) => {
  it("goes on in silence where the reader of stderr has left", async () => {
    const { exitCode, stdout } = await outcome(command, keeps, { stderr: { leavesAfter: 0 } });
    expect(exitCode).toBe(code);
    expect(stdout).not.toBe("");
  });

  it("ends with 141 where the reader of stdout has left, and keeps what it found", async () => {
    const { exitCode } = await outcome(command, keeps, { stdout: { leavesAfter: 0 } });
    expect(exitCode).toBe(141);
  });

  it("ends with 2 where stdout is a full device, and says so once", async () => {
    const { exitCode, stderr } = await outcome(command, keeps, { stdout: "full" });
    expect(exitCode).toBe(2);
    expect(stderr.match(/stdout: cannot be written \(ENOSPC.*\n.*\[NANPROOF_E_STDOUT\]/g)).toHaveLength(1);
  });

  it.runIf(says)("ends with 2 where stderr is a full device, and still tells the result", async () => {
    const { exitCode, stdout } = await outcome(command, keeps, { stderr: "full" });
    expect(exitCode).toBe(2);
    expect(stdout).not.toBe("");
  });
});

describe.each([TRAIN, HUNT])("nanproof %s", (command) => {
  it.each([1, 2, 4])(
    "loses nothing where the reader of stderr leaves after %i pieces",
    async (leavesAfter) => {
      expect((await outcome(command, true, { stderr: { leavesAfter } })).exitCode).toBe(1);
    },
  );

  it("loses nothing where the one reader of both leaves, as of 2>&1 | head -1", async () => {
    const both = { stdout: { leavesAfter: 0 }, stderr: { leavesAfter: 1 } };
    expect((await outcome(command, true, both)).exitCode).toBe(141);
  });
});

describe("a reader of stdout that leaves", () => {
  it("after an epoch ends a long run, with 141", async () => {
    const long = "train --text story.txt --units 3 --batch 4 --epochs 4000000 --learning-rate 1e-6";
    const { exitCode, stderr } = await run(long, { stdout: { leavesAfter: 1 } });
    expect(exitCode).toBe(141);
    expect(stderr).not.toContain("this is a bug");
  });

  it("after the first lines of a gate ends its hunt, with 141", async () => {
    const { exitCode } = await run("gate --fixtures fixtures --budget 10m", { stdout: { leavesAfter: 0 } });
    expect(exitCode).toBe(141);
  });

  it("does not turn wrong use into anything else", async () => {
    for (const outputs of [{ stderr: { leavesAfter: 0 } }, { stdout: { leavesAfter: 0 } }])
      expect((await run("replay missing.json", outputs)).exitCode).toBe(2);
  });
});
