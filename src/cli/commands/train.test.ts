import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readFixture } from "../../fixtures/store.ts";
import { exitOf } from "../testing/exitOf.ts";
import { runNanproof } from "../testing/nanproof.ts";
import { said } from "../testing/said.ts";
import { watchedNode } from "../testing/watchedNode.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-train-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(
  join(cwd, "story.txt"),
  `The cat sat on the mat and saw the dog. A dog ran to the cat and the cat ran to the mat. The mat lay
under the dog. Dogs and cats ran and sat and lay on the mat. The story ends with a cat and a dog on a mat.`,
);

const nanproof = (args: string[], env: Record<string, string> = {}) =>
  runNanproof(args, { cwd, env, timeout: 60_000 });
const train = (...args: string[]) => [
  "train",
  "--text",
  "story.txt",
  "--units",
  "3",
  "--batch",
  "4",
  "--engine",
  "tfjs-cpu",
  ...args,
];
const SHAPE = [
  "status",
  "epoch",
  "step",
  "loss",
  "signature",
  "site",
  "fixture",
  "sentence",
  "size",
  "fixes",
  "msPerStep",
];

/** The process waits 1.3 s for a run to end by itself; so it waits however busy the machine is. */
const PATIENT = 1000;

describe("nanproof train", () => {
  it("that dies exits with 1 and leaves a fixture that replays", async () => {
    const { exitCode, stdout } = await nanproof(
      train("--learning-rate", "1000", "--out", "found/here", "--json"),
    );
    expect(exitCode).toBe(1);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual(SHAPE);
    expect(document).toMatchObject({
      status: "failed",
      epoch: 2,
      step: 3,
      signature: "forward/recurrence-overflow/relu",
    });
    expect(document.site).toMatchObject({ phase: "forward", value: expect.stringMatching(/Infinity|NaN/) });
    expect(document.msPerStep).toBeGreaterThan(0);
    expect(document.fixture).toMatch(/^found\/here\/forward-recurrence-overflow-relu-[0-9a-f]{12}\.json$/);

    const fixture = document.fixture as string;
    expect(readdirSync(join(cwd, "found/here"))).toEqual([fixture.split("/").at(-1)]);
    expect(readFixture(join(cwd, fixture)).fixture.provenance).toMatchObject({
      preset: "published",
      seed: "1",
      step: 3,
    });
    const replay = await nanproof(["replay", fixture, "--engine", "tfjs-cpu", "--json"]);
    expect(replay.exitCode).toBe(0);
    expect(JSON.parse(replay.stdout)).toMatchObject({
      reproduced: true,
      step: 1,
      signature: document.signature,
    });
  });

  it("is warned long before it dies, and with --stop-early ends there with 3", async () => {
    const { exitCode, stdout, stderr } = await nanproof(
      "train --sentences 3000 --units 16 --learning-rate 0.08 --stop-early --json".split(" "),
    );
    expect(exitCode).toBe(3);
    // The same run dies at step 535.
    expect(JSON.parse(stdout)).toMatchObject({ status: "stoppedEarly", step: 227, fixture: null });
    expect(stderr).toContain(
      "warning: float32 may overflow: max |cell| is past 1e17 at step 227; about step 628 if it grows on like this",
    );
  });

  it("that dies says in words what happened and what to type", async () => {
    const { exitCode, stdout, stderr } = await nanproof(train("--learning-rate", "1000", "--out", "words"));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /\nEpoch 2\/100\n\tTime : [\d.]+ s\tLoss : nan\ndied at step 3 \(epoch 2\), after 3 steps, /,
    );
    expect(stdout).toMatch(
      /\ncaptured in words\/.*\.json\n {2}one relu unit.*: the cell grows .*\n(.*\n)*replay it:\n {2}npx nanproof replay words\/.*\.json --engine tfjs-wasm$/,
    );
    expect(stderr).toContain("published on story.txt: 5 sentences");
  });

  it("that lives exits with 0 and leaves no folder", async () => {
    const { exitCode, stdout } = await nanproof(train("--epochs", "2", "--out", "none", "--json"));
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual(SHAPE);
    expect(document).toMatchObject({
      status: "completed",
      epoch: 2,
      step: 4,
      signature: null,
      site: null,
      fixture: null,
    });
    expect(typeof document.loss).toBe("number");
    expect(existsSync(join(cwd, "none"))).toBe(false);
  });

  it("prints an epoch as the original program did", async () => {
    const { stdout } = await nanproof(train("--epochs", "2", "--validation", "0.3"));
    const number = "-?\\d+(\\.\\d+)?(e-?\\d+)?";
    const block = (epoch: number) =>
      `Epoch ${epoch}/2\\n\\tTime : [\\d.]+ s\\tLoss : ${number}\\tVal Loss : ${number}\\n`;
    expect(stdout).toMatch(new RegExp(`^${block(1)}${block(2)}completed finite: 2 steps, `));
  });

  it("gives the same run for the same seed, another for another", async () => {
    const losses = [];
    for (const seed of ["7", "7", "8"])
      losses.push(JSON.parse((await nanproof(train("--epochs", "1", "--seed", seed, "--json"))).stdout).loss);
    expect(losses[1]).toBe(losses[0]);
    expect(losses[2]).not.toBe(losses[0]);
  });

  it.each([
    [["--json"], "SIGINT", 130],
    [[], "SIGINT", 130],
    [["--json"], "SIGTERM", 143],
  ] as const)("%j ends on %s with %i and what it learned so far", async (args, signal, code) => {
    const running = nanproof(
      train("--epochs", "100000", "--learning-rate", "1e-6", ...args),
      watchedNode(cwd, { endlessFrom: PATIENT }),
    );
    await said(running, /^step [1-9]/m);
    running.kill(signal);
    const { exitCode, stdout, stderr } = await running;
    expect(exitCode).toBe(code);
    expect(stderr).not.toMatch(/\n\s+at /);
    if (args.length === 0)
      return expect(stdout).toMatch(/interrupted in epoch \d+ after \d+ steps, .* last loss /);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual(SHAPE);
    expect(document).toMatchObject({ status: "interrupted", signature: null, site: null, fixture: null });
    expect(document.step).toBeGreaterThan(0);
  });

  it.each(["SIGINT", "SIGKILL"] as const)(
    "has the death on disk before it is made smaller: %s",
    async (signal) => {
      const out = `kept-${signal}`;
      const running = nanproof(
        train("--learning-rate", "1000", "--out", out, "--json").map((arg) => (arg === "3" ? "40" : arg)),
        watchedNode(cwd, { endlessFrom: PATIENT }),
      );
      await said(running, "kept in");
      running.kill(signal);
      const { exitCode, stdout, signal: killedBy, stderr } = await running;
      expect(stderr).not.toMatch(/\n\s+at /);
      const files = readdirSync(join(cwd, out));
      expect(files).toEqual([expect.stringMatching(/^forward-recurrence-overflow-relu-[0-9a-f]{12}\.json$/)]);
      if (signal === "SIGKILL") expect([killedBy, stdout]).toEqual(["SIGKILL", ""]);
      else {
        expect(exitCode).toBe(130);
        expect(JSON.parse(stdout)).toMatchObject({
          status: "failed",
          step: 2,
          fixture: `${out}/${files[0]}`,
        });
      }
      const replay = await nanproof(["replay", `${out}/${files[0]}`, "--engine", "tfjs-cpu"]);
      expect(replay.exitCode).toBe(0);
    },
  );

  it("has the death on disk before rows and timesteps are dropped", async () => {
    const running = nanproof(
      train("--learning-rate", "1000", "--out", "whole", "--json").map((arg) => (arg === "3" ? "40" : arg)),
    );
    await said(running, "on disk whole, in whole/");
    running.kill("SIGKILL");
    expect((await running).signal).toBe("SIGKILL");
    const [file, ...others] = readdirSync(join(cwd, "whole")).filter((name) => name.endsWith(".json"));
    expect(others.length).toBeLessThan(2);
    const replay = await nanproof(["replay", `whole/${file}`, "--engine", "tfjs-cpu"]);
    expect(replay.stdout).toContain("reproduced");
    expect(replay.exitCode).toBe(0);
  });

  it("leaves a fixture alone that was there before it", async () => {
    const args = train("--learning-rate", "1000", "--out", "twice", "--json");
    const whole = JSON.parse((await nanproof([...args, "--no-shrink"])).stdout).fixture as string;
    const before = readFileSync(join(cwd, whole));
    writeFileSync(join(cwd, "twice", "notes.txt"), "mine");
    const shrunk = JSON.parse((await nanproof(args)).stdout).fixture as string;
    expect(shrunk).not.toBe(whole);
    expect(readFileSync(join(cwd, whole))).toEqual(before);
    expect(readdirSync(join(cwd, "twice")).sort()).toEqual(
      [whole, shrunk, "twice/notes.txt"].map((path) => path.slice("twice/".length)).sort(),
    );
  });

  it.each([
    ["before anything of it", "thread 0 begins"],
    ["as its words are read", "thread 1 begins"],
    ["as the training's thread begins", "thread 2 begins"],
    ["as the text is read", "thread 2 reads story.txt"],
    ["as the first step is taken", "step 0/"],
  ])(
    "ends on Ctrl-C before its first step with one document or none, and no stack trace: %s",
    async (_, where) => {
      const running = nanproof(
        train("--epochs", "100000", "--learning-rate", "1e-6", "--json"),
        watchedNode(cwd, { files: ["story.txt"] }),
      );
      await said(running, where);
      running.kill("SIGINT");
      const { stdout, stderr, ...end } = await running;
      expect(exitOf(end)).toBe(130);
      expect(stderr).not.toMatch(/\n\s+at /);
      if (stdout !== "") expect(JSON.parse(stdout)).toMatchObject({ status: "interrupted", fixture: null });
    },
  );

  const STUCK = train("--epochs", "100000", "--json");

  it("ends on Ctrl-C where its thread is in a call that never ends", async () => {
    const running = nanproof(
      STUCK,
      watchedNode(cwd, { files: ["story.txt"], stuck: 2, endlessFrom: PATIENT }),
    );
    await said(running, "thread 2 reads story.txt");
    running.kill("SIGINT");
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: "interrupted", epoch: 1, step: 0, loss: null });
  });

  it("ends at once on a second Ctrl-C: its thread never ends, nor does any wait", async () => {
    // On the first Ctrl-C a run waits 0.7 s for its step, and on the second the process 0.4 s for the run.
    const env = watchedNode(cwd, { files: ["story.txt"], stuck: 2, endlessFrom: 300 });
    const running = nanproof(STUCK, env);
    await said(running, "thread 2 reads story.txt");
    const isTold = said(running, "told to stop");
    running.kill("SIGINT");
    await isTold;
    running.kill("SIGINT");
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: "interrupted", step: 0 });
  });

  it("ends on Ctrl-C in the midst of a step that takes long", async () => {
    const args = "train --text story.txt --units 1024 --engine tfjs-cpu --json".split(" ");
    const running = nanproof(args, watchedNode(cwd, { endlessFrom: PATIENT }));
    await said(running, "step 0/");
    running.kill("SIGINT");
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: "interrupted", epoch: 1, step: 0, loss: null });
  });
});
