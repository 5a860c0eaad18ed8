import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { readFixture } from "../fixtures/store.ts";
import { deadly } from "../search/testing/deadly.ts";

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

/** What becomes of one of a command's outputs: read to its end, read until its reader leaves, or written to a full device. */
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
  const child = spawn(process.execPath, [resolve("dist/cli/main.js"), ...line.split(" ")], {
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

const TRAIN = "train --text story.txt --units 3 --batch 4 --learning-rate 1000";
const HUNT = "hunt --domain deadly.json --cases 40 --confirm explorer --workers 2";
/** Every command: what it ends with where all is read, and where it leaves a fixture. */
const COMMANDS: [line: string, code: number, keeps: boolean][] = [
  [TRAIN, 1, true],
  [`${TRAIN} --json`, 1, true],
  [HUNT, 1, true],
  [`${HUNT} --json`, 1, true],
  [`shrink fixtures/${LARGE}`, 0, true],
  [`replay fixtures/${LARGE}`, 0, false],
  ["gate --fixtures fixtures --budget 0", 0, false],
  ["gate --fixtures fixtures --budget 0 --json", 0, false],
  ["compare recording.json", 0, false],
  ["doctor", 0, false],
  ["bench --sizes 2x1x1 --engines explorer --seconds 0.01", 0, false],
  ["--help", 0, false],
  ["hunt --help", 0, false],
];

const LEAVES_AT = [0, 1, 2].map((leavesAfter) => ({ leavesAfter }));
let folders = 0;
const inFolder = (line: string, keeps: boolean) => {
  const out = `out-${folders++}`;
  return { out, line: keeps ? `${line} --out ${out}` : line };
};

describe.each(COMMANDS)("nanproof %s", (command, code, keeps) => {
  /** Ran it with these outputs: no word of a bug, and what it found is on disk. */
  async function outcome(outputs: { stdout?: Output; stderr?: Output }): Promise<Ended> {
    const { out, line } = inFolder(command, keeps);
    const found = await run(line, outputs);
    expect(found.stderr).not.toMatch(/this is a bug|\n\s+at |EPIPE/);
    if (keeps) expect(fixturesIn(out).length).toBeGreaterThan(0);
    return found;
  }

  it(`ends with ${code} where all is read`, async () => {
    expect((await outcome({})).exitCode).toBe(code);
  });

  it.each(LEAVES_AT)("goes on in silence where the reader of stderr leaves: %j", async (stderr) => {
    const found = await outcome({ stderr });
    expect(found.exitCode).toBe(code);
    expect(found.stdout).not.toBe("");
  });

  it("ends with 141 where the reader of stdout has left, and keeps what it found", async () => {
    expect((await outcome({ stdout: { leavesAfter: 0 } })).exitCode).toBe(141);
    const both = { stdout: { leavesAfter: 0 }, stderr: { leavesAfter: 1 } };
    expect((await outcome(both)).exitCode).toBe(141);
  });

  it("ends with 2 where stdout is a full device, and says so", async () => {
    const { exitCode, stderr } = await outcome({ stdout: "full" });
    expect(exitCode).toBe(2);
    expect(stderr.match(/stdout: cannot be written \(ENOSPC.*\n.*\[NANPROOF_E_STDOUT\]/g)).toHaveLength(1);
  });

  it("ends with 2 where stderr is a full device, if it says anything there", async () => {
    const says = (await outcome({})).stderr !== "";
    const { exitCode, stdout } = await outcome({ stderr: "full" });
    expect(exitCode).toBe(says ? 2 : code);
    expect(stdout).not.toBe("");
  });
});

describe("a reader of stdout that leaves", () => {
  it("after an epoch ends a long run, with 141", async () => {
    const long = "train --text story.txt --units 3 --batch 4 --epochs 100000 --learning-rate 1e-6";
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
