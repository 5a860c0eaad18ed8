import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "nanproof-remedy-of-programs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = resolve("examples/log-of-policy.mjs");
const mended = resolve("examples/fixed/log-of-policy.mjs");

async function nanproof(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [resolve("dist/cli/main.js"), ...args], {
    cwd: folder,
    reject: false,
    stdin: "ignore",
  });
  return { exitCode, stdout, stderr };
}

let fixture = "";
beforeAll(async () => {
  const { stdout } = await nanproof("train", "--program", program, "--no-shrink", "--out", "found", "--json");
  fixture = JSON.parse(stdout).fixture;
}, 120_000);

describe("nanproof remedy of a program", { timeout: 300_000 }, () => {
  it("tries what can be done from outside, its knobs and a mended file, and prints the best first", async () => {
    const own = ["--fix", mended, "--knob", "learningRate=0.05", "--seeds", "1"];
    const { exitCode, stdout, stderr } = await nanproof(
      "remedy",
      fixture,
      "--program",
      program,
      ...own,
      "--json",
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const remedies = JSON.parse(stdout) as Record<string, unknown>[];
    const of = (name: RegExp) => remedies.find(({ fix }) => name.test(String(fix)));
    expect(Object.keys(remedies[0] ?? {})).toEqual([
      "fix",
      "step",
      "run",
      "seeds",
      "loss",
      "validationLoss",
      "skipped",
      "changesWhatIsTrained",
    ]);
    // It dies at step 11: 10 times as long, and 3 times on another seed.
    const lives = {
      run: { lives: true, steps: 110 },
      seeds: { lived: 1, of: 1 },
      changesWhatIsTrained: false,
    };
    expect(of(/log-of-policy\.mjs$/)).toMatchObject({ step: "holds", ...lives, skipped: 0 });
    expect(of(/^learningRate=0\.05$/)).toMatchObject({ step: "fails", ...lives });
    expect(of(/^learning-rate-third$/)?.step).toBe("notJudged");
    expect(of(/^clip-by-global-norm-10$/)?.run).toMatchObject({ lives: false });
    expect(of(/^skip-non-finite$/)).toMatchObject({ run: { lives: true }, loss: null });
    expect(remedies[0]).toMatchObject(lives);
  });

  it("says in words why the first is first, with its line, and what else could be tried", async () => {
    const { exitCode, stdout, stderr } = await nanproof(
      "remedy",
      fixture,
      "--program",
      program,
      "--seeds",
      "1",
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /\nfirst: .*: the run that died lives 110 steps with it, 1 of 1 runs of other seeds live, it trains the same\n {2}tfjs: /,
    );
    expect(stderr).toMatch(/has the knobs units, time, learningRate: --knob units=VALUE tries one/);
  });

  it.each([
    ["no such file", ["--fix", "nothing.mjs"], /there is no such file/],
    ["the program itself", ["--fix", program], /it is the program as it is/],
    ["another language", ["--fix", resolve("examples/keras_relu_lstm.py")], /it is in another language/],
    ["a program of other knobs", ["--fix", resolve("examples/zero-root.mjs")], /knob/],
    ["no such knob", ["--knob", "rate=1"], /the program has no knob "rate"/],
    ["a knob out of its range", ["--knob", "learningRate=11"], /it goes from 0\.01 to 10/],
  ])("%s is wrong use", async (_, args, message) => {
    const { exitCode, stderr } = await nanproof("remedy", fixture, "--program", program, ...args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
  });
});

it("nanproof explain of a program prints one document, and what the program does not show on stderr", async () => {
  const args = ["explain", fixture, "--program", program, "--time", "6s", "--json"];
  const { exitCode, stdout, stderr } = await nanproof(...args);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({
    signature: "backward/reciprocal-overflow/RealDiv",
    growth: { perTimestep: null, through: [] },
  });
  expect(document.story.join(" ")).toContain("No value grew from timestep to timestep");
  expect(document.boundaries.length + document.free.length).toBeGreaterThan(0);
  expect(stderr).toMatch(/reports no gauge of its own \(watch\.gauge\)/);
  expect(stderr).toMatch(/the gradients are not finite before it/);
}, 120_000);
