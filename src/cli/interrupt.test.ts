import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { deadly } from "../hunt/testing/deadly.ts";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { growingUnit } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { exitOf } from "./testing/exitOf.ts";
import { longRun, longStep } from "./testing/longRun.ts";
import { runNanproof } from "./testing/nanproof.ts";

// Many commands, one after the other.
vi.setConfig({ testTimeout: 600_000 });

const cwd = mkdtempSync(join(tmpdir(), "nanproof-interrupt-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const dying = (await storedFixture(growingUnit(), "run", await openEngine("explorer"))).fixture;
/** Puts a file below cwd. */
function place(path: string, contents: object | string): string {
  mkdirSync(join(cwd, path, ".."), { recursive: true });
  writeFileSync(join(cwd, path), typeof contents === "string" ? contents : JSON.stringify(contents));
  return path;
}
place("deadly.json", deadly);
place("story.txt", "The cat sat on the mat and saw the dog. A dog ran to the cat. ".repeat(8));
place("short/dying.json", dying);
const long = place("long/long.json", longRun(dying, 10_000_000));
const slow = place("slow/slow.json", longStep(dying));
const recordings = readdirSync("fixtures/recordings").filter((name) => name.endsWith(".json"));
for (const name of recordings) copyFileSync(`fixtures/recordings/${name}`, join(cwd, name));

const start = (args: readonly string[]) => runNanproof(args, { cwd });

/** Sends a signal once stderr says something. */
async function interrupted(args: readonly string[], says: string, signal: NodeJS.Signals = "SIGINT") {
  const running = start(args);
  const seen = new Promise<boolean>((done) => {
    let stderr = "";
    running.stderr.on("data", (chunk) => {
      stderr += String(chunk);
      if (stderr.includes(says)) done(true);
    });
    void running.then(() => done(false));
  });
  const wasSeen = await seen;
  const sent = performance.now();
  running.kill(signal);
  const end = await running;
  const seconds = (performance.now() - sent) / 1000;
  const { stdout, stderr } = end;
  expect(wasSeen, stderr).toBe(true);
  expect(stderr).not.toMatch(/\n\s+at /);
  // Two seconds on a machine with nothing else to do.
  expect(seconds).toBeLessThan(20);
  return { exit: exitOf(end), stdout, stderr, seconds };
}

const TRAIN = ["train", "--text", "story.txt"];
const UNBOUNDED = ["--budget", "0", "--max-work", "1e300"];

/** What is done, what stderr says when it is in the midst of it, and what is printed all the same. */
const MIDST: [what: string, args: string[], says: string, prints: RegExp][] = [
  ["training", [...TRAIN, "--epochs", "100000"], "step 0/", /interrupted in epoch/],
  ["a long step", [...TRAIN, "--units", "1024", "--engine", "tfjs-cpu"], "step 0/", /interrupted in epoch 1/],
  ["hunting", ["hunt", "--time", "5m", "--domain", "deadly.json"], "cases/s", /^interrupted: \d+ cases/],
  ["replaying a long run", ["replay", long], "step ", /^$/],
  ["gating a long run", ["gate", "--fixtures", "long", ...UNBOUNDED], "fixture 0/1", /: 0 held, 0 failed/],
  ["gating a long step", ["gate", "--fixtures", "slow", ...UNBOUNDED], "fixture 0/1", /: 0 held|^$/],
  ["a gate's hunt", ["gate", "--fixtures", "short", "--budget", "5m"], "0 cases", /\ninterrupted: /],
  ["explaining a long run", ["explain", long], "how it died", /^$/],
  ["looking for remedies of a long run", ["remedy", long], "how it died", /^$/],
  ["comparing", ["compare", ...recordings, "--engine", "tfjs-cpu"], "recording ", /./],
  [
    "timing",
    ["bench", "--seconds", "300", "--engines", "explorer"],
    "timing 16 units",
    /^(explorer: matrix products .*)?$/,
  ],
  ["looking at engines", ["doctor"], "looking at tfjs-wasm", /^$/],
];

describe("Ctrl-C ends", () => {
  it.each(MIDST)("%s", async (_, args, says, prints) => {
    const { exit, stdout, seconds } = await interrupted(args, says);
    expect(exit).toBe(130);
    // On a machine too busy for it to end by itself in time, nothing is printed.
    if (seconds < 1 || stdout !== "") expect(stdout).toMatch(prints);
  });

  it("with 143 where it is SIGTERM", async () => {
    const gating = ["gate", "--fixtures", "long", ...UNBOUNDED];
    expect((await interrupted(gating, "fixture 0/1", "SIGTERM")).exit).toBe(143);
  });

  it.each([
    ["replaying", ["replay", slow]],
    ["shrinking", ["shrink", slow, "--out", "small"]],
    ["shrinking a run", ["shrink", long, "--out", "small"]],
    [
      "reading a text",
      ["train", "--text", place("book.txt", "It was the age of it all. ".repeat(2_000_000))],
    ],
    ["reading a fixture", ["replay", place("large.json", `{"case": [${"1,".repeat(20_000_000)}1]}`)]],
  ])("%s, whenever it comes", async (_, args) => {
    for (const ms of [100, 400, 1500]) {
      const running = start(args);
      await new Promise((later) => setTimeout(later, ms));
      // On a fast machine the file may have been read, and refused, by then; never after the first 100 ms.
      if (ms > 100 && running.exitCode !== null) break;
      const sent = performance.now();
      running.kill("SIGINT");
      const { stdout, stderr, ...end } = await running;
      expect(exitOf(end), stderr).toBe(130);
      expect(stdout).toMatch(/^(interrupted in epoch 1 after 0 steps, .*)?$/);
      expect(performance.now() - sent).toBeLessThan(20_000);
    }
  });
});
