import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { replayFixture } from "../fixtures/replay.ts";
import { readFixture, writeFixture } from "../fixtures/store.ts";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { presets } from "../programs/lstm/cases/presets.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { smallCase } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { syntheticRun } from "../programs/lstm/shrinking/testing/dyingRun.ts";
import { runNanproof } from "./testing/nanproof.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-shrink-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engine = await openEngine("explorer");
const run = smallCase({
  loss: { ...presets.published.loss, l2: 3 },
  optimizer: { kind: "sgd", learningRate: 1, clip: { kind: "none" }, skipNonFinite: false },
  steps: 1000,
});
const { fixture } = await storedFixture(run, "run", engine);
const shrink = (...args: string[]) => runNanproof(["shrink", ...args]);

it("a run fixture becomes a smaller run that dies the same way", async () => {
  const path = writeFixture(join(folder, "run"), fixture);
  const { exitCode, stdout } = await shrink(
    path,
    "--candidates",
    "40",
    "--json",
    "--out",
    join(folder, "out"),
  );
  const document = JSON.parse(stdout);
  expect(Object.keys(document)).toEqual([
    "fixture",
    "signature",
    "before",
    "after",
    "minimal",
    "candidates",
    "seconds",
  ]);
  expect(document).toMatchObject({ candidates: 40, minimal: false, before: { units: 6 } });
  expect(document.after.units).toBeLessThan(6);
  const written = readFixture(document.fixture);
  expect(written.fixture).toMatchObject({ grade: "run", size: document.after });
  expect((await replayFixture(written, engine)).reproduced).toBe(true);
  expect(exitCode).toBe(0);
});

it("a step fixture becomes the smallest run that it comes from with --run, if it names one", async () => {
  const step = { ...fixture, grade: "step" as const };
  const nameless = writeFixture(join(folder, "nameless"), step);
  const wrong = await shrink(nameless, "--run", "--json");
  expect({ exitCode: wrong.exitCode, stdout: wrong.stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(wrong.stderr).toContain("names no run that it comes from (provenance.run)");

  const provenance = { ...fixture.provenance, run };
  const path = writeFixture(join(folder, "named"), { ...step, provenance });
  const { exitCode, stdout } = await shrink(path, "--run", "--candidates", "40", "--json");
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).after.units).toBeLessThan(6);
  expect(readdirSync(join(folder, "named"))).toHaveLength(2);
});

it("goes on after a kill from where it was, to the same fixture", async () => {
  const long = syntheticRun({ seed: "14", units: 12, time: 60, learningRate: 0.3, axis: "time", uneven: 1 });
  const path = writeFixture(join(folder, "long"), (await storedFixture(long, "run", engine)).fixture);
  const to = (name: string) => [path, "--candidates", "500", "--json", "--out", join(folder, name)];
  const running = shrink(...to("killed"));
  const place = join(folder, "killed/.nanproof");
  const saved = () => existsSync(place) && readdirSync(place).some((name) => name.endsWith(".json"));
  await vi.waitUntil(saved, { timeout: 100_000, interval: 10 });
  running.kill("SIGKILL");
  expect((await running).signal).toBe("SIGKILL");
  expect(readdirSync(join(folder, "killed"))).toEqual([".nanproof"]);

  const resumed = await shrink(...to("killed"));
  const whole = await shrink(...to("whole"));
  const [, before] =
    /going on from where an earlier shrink of .* was stopped, after (\d+) candidates/.exec(resumed.stderr) ??
    [];
  expect(Number(before)).toBeGreaterThan(0);
  expect(whole.stderr).not.toContain("going on");
  const [a, b] = [resumed, whole].map(({ stdout }) => JSON.parse(stdout));
  expect(a.candidates).toBeGreaterThan(Number(before));
  expect({ ...a, fixture: "", seconds: 0 }).toEqual({ ...b, fixture: "", seconds: 0 });
  expect(readFileSync(a.fixture, "utf8")).toBe(readFileSync(b.fixture, "utf8"));
  expect(readdirSync(join(folder, "killed"))).toEqual(readdirSync(join(folder, "whole")));
});

it("takes the time that it is given: enough for all cuts of so small a run", async () => {
  const path = writeFixture(join(folder, "timed"), fixture);
  const { exitCode, stdout } = await shrink(path, "--time", "2m", "--json", "--out", join(folder, "in-time"));
  expect(JSON.parse(stdout)).toMatchObject({ minimal: true });
  expect(exitCode).toBe(0);
});
