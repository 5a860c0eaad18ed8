import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeFixture } from "../../findings/describe.ts";
import { measureFixes } from "../../fixtures/judge.ts";
import { readFixture, writeFixture } from "../../library/fixtures.ts";
import type { LstmFixture as Fixture } from "../../library/lstmFixture.ts";
import { storedFixture } from "../../library/testing/storedFixture.ts";
import { presets } from "../../programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../programs/lstm/cases/schema.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { runNanproof } from "../testing/nanproof.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-replay-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dying: TrainingCase = {
  ...presets.published,
  model: { inputs: 2, layers: [{ units: 2, activation: "relu" }], forgetBias: 1 },
  init: { kind: "glorot", seed: "15", scale: 100 },
  data: {
    kind: "synthetic",
    seed: "1",
    inputScale: 1,
    masked: true,
    batches: [{ time: 40, rows: [{ length: 40, padding: "after", holes: [], zeroTargets: [] }] }],
  },
  steps: 1,
};

let path: string;
let text: string;

beforeAll(async () => {
  const engine = await openEngine("tfjs-cpu");
  const stored = await storedFixture(dying, "run", engine);
  const fixes = (await measureFixes(stored, engine)) as NonNullable<Fixture["fixes"]>;
  const description = await describeFixture(stored, engine);
  path = writeFixture(folder, { ...stored.fixture, ...description, minimal: false, fixes });
  text = readFileSync(path, "utf8");
});

/** The fixture with something else expected or another case in it, in a file of its own. */
function variant(name: string, change: (fixture: Fixture) => void): string {
  const fixture = JSON.parse(text) as Fixture;
  change(fixture);
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(fixture));
  return file;
}

const replay = (...args: string[]) => runNanproof(["replay", ...args, "--engine", "tfjs-cpu"]);

describe("nanproof replay", () => {
  it("exits with 0 where the death is reproduced", async () => {
    const { exitCode, stdout, stderr } = await replay(path, "--json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual([
      "reproduced",
      "signature",
      "step",
      "digest",
      "ms",
      "site",
      "sentence",
      "size",
      "fixes",
    ]);
    const { sentence, size, fixes } = readFixture(path).fixture;
    expect(document).toMatchObject({ sentence, size, fixes });
    expect(document).toMatchObject({
      reproduced: true,
      signature: "forward/recurrence-overflow/relu",
      step: 1,
    });
    expect(document.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(document.ms).toBeGreaterThan(0);
  });

  it("says so in words, with the path from here", async () => {
    const { stdout } = await replay(path);
    const shown = relative(process.cwd(), path);
    expect(stdout).toMatch(`reproduced: ${shown} dies at step 1 of forward/recurrence-overflow/relu, in `);
    expect(stdout).toMatch(/\n {2}digest {5}[0-9a-f]{64} \(as recorded\)\n/);
    expect(stdout).toContain("\n  in short   trained from its start ");
    expect(stdout).toContain("\n  size       1 row, 40 timesteps, 1 layer, 2 units, 1 step\n");
    expect(stdout).toMatch(
      /\n {2}holds under .*; dies under .*\n {2}not judged on a run, since they act within one step: /,
    );
  });

  it("exits with 1 where it diverges, says how, and changes nothing", async () => {
    const file = variant("elsewhere", ({ expected }) =>
      Object.assign(expected, { signature: "backward/backward-overflow/tanh" }),
    );
    const before = readFileSync(file);
    const { exitCode, stdout } = await replay(file);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^diverged: .*: the run dies otherwise\n {2}expected {3}backward\/backward-overflow\/tanh at step 1\n {2}came out {3}forward\/recurrence-overflow\/relu at step 1\n/,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("--update rewrites what is expected, and then it is reproduced", async () => {
    const file = variant("outdated", ({ expected }) =>
      Object.assign(expected, {
        signature: "backward/backward-overflow/tanh",
        digests: {},
        reproducesOn: [],
      }),
    );
    const { exitCode, stderr } = await replay(file, "--update");
    expect(exitCode).toBe(0);
    expect(stderr.split("\n").at(-1)).toBe(`updated ${relative(process.cwd(), file)}`);
    expect(readFixture(file).fixture).toEqual(readFixture(path).fixture);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect((await replay(file)).exitCode).toBe(0);
  });

  it("--update tells the size of a fixture that was written without it, and its sentence", async () => {
    const file = variant("unsigned", (fixture) => {
      fixture.size = undefined;
      fixture.sentence = undefined;
      fixture.minimal = undefined;
    });
    expect(readFixture(file).fixture.size).toBeUndefined();
    expect((await replay(file, "--update")).exitCode).toBe(0);
    expect(readFixture(file).fixture).toMatchObject({
      minimal: false,
      size: { rows: 1, time: 40, layers: 1, units: 2, steps: 1, numbers: 0, nonZero: 0 },
      sentence: expect.stringMatching(/^trained from its start .*: two relu units, .*: the cell grows /),
    });
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("--update leaves a fixture that is up to date byte by byte as it was", async () => {
    const { exitCode } = await replay(path, "--update");
    expect(exitCode).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("--update of a healed run leaves the file alone and exits with 1", async () => {
    const file = variant("healed", (fixture) =>
      Object.assign(fixture.case.model, { layers: [{ units: 2, activation: "tanh" }] }),
    );
    const before = readFileSync(file);
    const { exitCode, stdout, stderr } = await replay(file, "--update", "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ reproduced: false, signature: null });
    expect(stderr).toMatch(/^not updated: the run does not die/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe("nanproof replay of several fixtures", () => {
  const elsewhere = () =>
    variant("of-several", ({ expected }) =>
      Object.assign(expected, { signature: "backward/backward-overflow/tanh" }),
    );

  it("gives a list, each with its file, and the worst exit code", async () => {
    const other = elsewhere();
    const { exitCode, stdout } = await replay(path, other, path, "--json");
    expect(exitCode).toBe(1);
    const shown = (file: string) => relative(process.cwd(), file);
    expect(JSON.parse(stdout)).toMatchObject([
      { fixture: shown(path), reproduced: true },
      { fixture: shown(other), reproduced: false },
      { fixture: shown(path), reproduced: true },
    ]);
    expect((await replay(path, path)).exitCode).toBe(0);
  });

  it("runs none where one of them is none", async () => {
    const { exitCode, stdout, stderr } = await replay(path, join(folder, "missing.json"));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("missing.json: there is no such file");
  });
});
