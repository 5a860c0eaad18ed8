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
import { said } from "./testing/said.ts";
import { type Watch, watchedNode } from "./testing/watchedNode.ts";

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

const start = (args: readonly string[], env: Record<string, string> = {}) => runNanproof(args, { cwd, env });

/** Sends a signal once stderr says something, and tells how it ended. */
async function interrupted(
  args: readonly string[],
  says: string,
  { signal = "SIGINT", env = {} }: { signal?: NodeJS.Signals; env?: Record<string, string> } = {},
) {
  const running = start(args, env);
  await said(running, says);
  running.kill(signal);
  const { stdout, stderr, ...end } = await running;
  expect(stderr).not.toMatch(/\n\s+at /);
  return { exit: exitOf(end), stdout, stderr };
}

const TRAIN = ["train", "--text", "story.txt"];
const UNBOUNDED = ["--budget", "0", "--max-work", "1e300"];

/** Commands to interrupt, a text of stderr that shows them in the midst of their work, and what they print all the same. */
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
    // Where something is printed, the command ended by itself: the process waits for it however busy the machine is.
    const env = prints.test("") ? {} : watchedNode(cwd, { endlessFrom: 1000 });
    const { exit, stdout } = await interrupted(args, says, { env });
    expect(exit).toBe(130);
    expect(stdout).toMatch(prints);
  });

  it("with 143 where it is SIGTERM", async () => {
    const gating = ["gate", "--fixtures", "long", ...UNBOUNDED];
    expect((await interrupted(gating, "fixture 0/1", { signal: "SIGTERM" })).exit).toBe(143);
  });

  const book = place("book.txt", "It was the age of it all. ".repeat(2_000_000));
  const large = place("large.json", `{"case": [${"1,".repeat(20_000_000)}1]}`);
  it.each([
    ["replaying", ["replay", slow], slow],
    ["shrinking", ["shrink", slow, "--out", "small"], slow],
    ["shrinking a run", ["shrink", long, "--out", "small"], long],
    ["reading a text", ["train", "--text", book], book],
    ["reading a fixture", ["replay", large], large],
  ])("%s, whenever it comes", async (_, args, file) => {
    const moments: [where: string, watch: Watch][] = [
      ["thread 0 begins", {}],
      ["thread 1 begins", {}],
      [` reads ${file}`, {}],
      // In the midst of what takes long: the thread does not come back from there.
      [` reads ${file}`, { stuck: args[0] === "train" ? 2 : 1 }],
    ];
    for (const [where, watch] of moments) {
      const env = watchedNode(cwd, { files: [file], ...watch });
      const { exit, stdout, stderr } = await interrupted(args, where, { env });
      expect(exit, stderr).toBe(130);
      expect(stdout).toMatch(/^(interrupted in epoch 1 after 0 steps, .*)?$/);
    }
  });
});
