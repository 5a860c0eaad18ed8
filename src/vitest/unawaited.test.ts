import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A user's project, whose tests use the matchers of the built package. */
const project = realpathSync(mkdtempSync(join(tmpdir(), "nanproof-unawaited-")));
beforeAll(() => {
  const modules = join(project, "node_modules");
  mkdirSync(modules);
  symlinkSync(resolve("node_modules", "vitest"), join(modules, "vitest"));
  symlinkSync(resolve("."), join(modules, "nanproof"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(project, { recursive: true }));

const HEAD = `
import { finiteLoss, presets } from "nanproof";
import "nanproof/vitest";
import { afterEach, describe, expect, test } from "vitest";

const row = (length) => ({ length, padding: "after", holes: [], zeroTargets: [] });
const lives = {
  ...presets.published,
  model: { inputs: 4, layers: [{ units: 4, activation: "relu" }], forgetBias: 1 },
  data: { kind: "synthetic", seed: "1", inputScale: 1, masked: true, batches: [{ time: 20, rows: [row(20)] }] },
  steps: 5,
};
const long = { ...lives, steps: 10_000_000 };
const dies = { ...lives, init: { kind: "glorot", seed: "1", scale: 20 }, data: { ...lives.data, inputScale: 1e25 } };
`;

interface TestRun {
  /** Names of tests, each with its failure; null where it passed. */
  tests: Record<string, string | null>;
  /** Failures of the file besides those of its tests. */
  files: string;
  exitCode: number | undefined;
}

/** Runs a file of tests with vitest, alone in its folder. */
async function runTests(name: string, tests: string, ...args: string[]): Promise<TestRun> {
  const folder = join(project, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "it.test.js"), HEAD + tests);
  const patient = ["--testTimeout=100000", "--hookTimeout=100000"];
  const report = ["--reporter=json", "--outputFile=results.json", "--no-color"];
  const flags = ["run", "--root", folder, ...report, ...patient, ...args];
  const { exitCode } = await execa(resolve("node_modules/.bin/vitest"), flags, {
    cwd: project,
    reject: false,
    env: { CI: "", FORCE_COLOR: "0" },
  });
  const { testResults } = JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as {
    testResults: { message: string; assertionResults: { title: string; failureMessages: string[] }[] }[];
  };
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    tests: Object.fromEntries(
      results.map(({ title, failureMessages }) => [title, failureMessages.join("\n") || null]),
    ),
    files: testResults.map(({ message }) => message).join("\n"),
    exitCode,
  };
}

const remedy = (call: string) =>
  new RegExp(
    `expect\\(testCase\\)\\.${call}\\(\\.\\.\\.\\) was not awaited, .*: write await expect\\(testCase\\)\\.${call}\\(\\.\\.\\.\\), or return it`,
  );

describe("a matcher that is not awaited", () => {
  it("fails its test, which names the matcher and the remedy; one that is awaited does not", async () => {
    const { tests, exitCode } = await runTests(
      "plain",
      `
test("awaited", async () => { await expect(lives).toStayFinite(); await expect(dies).not.toStayFinite(); });
test("returned", () => expect(lives).toHold(finiteLoss));
test("awaited later", async () => { const all = [expect(lives).toStayFinite(), expect(lives).toHold(finiteLoss)]; await 0; await Promise.all(all); });
test("handed on", () => expect(lives).toStayFinite().then(() => {}).finally(() => {}));
test("awaited in a hook", () => { open.push(expect(lives).toStayFinite()); });
const open = [];
afterEach(async () => { await Promise.all(open.splice(0)); });
test("lives", () => { expect(lives).toStayFinite(); });
test("lives, seen to its end", async () => { expect(lives).toStayFinite(); await new Promise((later) => setTimeout(later, 500)); });
test("dies", () => { expect(dies).toHaveBoundedGradients(1e6); });
test("dies, seen to its end", async () => { expect(dies).toStayFinite(); await new Promise((later) => setTimeout(later, 500)); });
test("is long", () => { expect(long).toStayFinite(); });
test("not", () => { expect(lives).not.toHold(finiteLoss); });
test("soft", () => { expect.soft(lives).toStayFinite(); });
test("soft and awaited", async () => { await expect.soft(lives).toStayFinite(); });
test("chained and let go", () => { expect(long).toStayFinite().then(() => {}, () => {}); });
test("wrong use", () => { expect({}).toStayFinite(); });
`,
    );
    expect(tests).toEqual({
      awaited: null,
      returned: null,
      "awaited later": null,
      "handed on": null,
      "awaited in a hook": null,
      "soft and awaited": null,
      lives: expect.stringMatching(remedy("toStayFinite")),
      "lives, seen to its end": expect.stringMatching(remedy("toStayFinite")),
      dies: expect.stringMatching(remedy("toHaveBoundedGradients")),
      "dies, seen to its end": expect.stringMatching(remedy("toStayFinite")),
      "is long": expect.stringMatching(remedy("toStayFinite")),
      not: expect.stringMatching(remedy("not\\.toHold")),
      soft: expect.stringMatching(remedy("toStayFinite")),
      "chained and let go": expect.stringMatching(remedy("toStayFinite")),
      "wrong use": expect.stringMatching(remedy("toStayFinite")),
    });
    // Its stack leads to where the matcher was called.
    expect(tests.lives).toMatch(/it\.test\.js:\d+/);
    expect(exitCode).toBe(1);
  });

  it("fails its test after resolves and rejects, where vitest itself waits, by its verdict", async () => {
    const { tests, exitCode } = await runTests(
      "promises",
      `
const later = (value) => new Promise((resolve) => setTimeout(resolve, 50, value));
const fails = (value) => later().then(() => { throw value; });
test("resolves", async () => { await expect(later(lives)).resolves.toStayFinite(); });
test("rejects", async () => { await expect(fails(lives)).rejects.toStayFinite(); });
test("resolves, dies", () => { expect(later(dies)).resolves.toStayFinite(); });
test("rejects, dies", () => { expect(fails(dies)).rejects.toStayFinite(); });
test("rejects, not", () => { expect(fails(lives)).rejects.not.toHold(finiteLoss); });
`,
    );
    expect(tests).toEqual({
      resolves: null,
      rejects: null,
      "resolves, dies": expect.stringContaining("finite loss: violated at step 1"),
      "rejects, dies": expect.stringContaining("finite loss: violated at step 1"),
      "rejects, not": expect.stringContaining("expected the run not to hold"),
    });
    expect(exitCode).toBe(1);
  });

  it("fails its own test of several at a time, by the expect of that test", async () => {
    const { tests, exitCode } = await runTests(
      "concurrent",
      `
describe.concurrent("at a time", () => {
  test("awaited", async ({ expect }) => { await expect(lives).toStayFinite(); });
  test("left", async ({ expect }) => { await new Promise((turn) => setTimeout(turn, 20)); expect(lives).toStayFinite(); });
  test("awaited, long", async ({ expect }) => { await expect({ ...lives, steps: 2000 }).toStayFinite(); });
  test("dies", async ({ expect }) => { await expect(dies).toStayFinite(); });
  test("quick", async () => {});
});
`,
    );
    expect(tests).toEqual({
      awaited: null,
      left: expect.stringMatching(remedy("toStayFinite")),
      "awaited, long": null,
      dies: expect.stringMatching(/violated at step 1 .*\n(.*\n)*replay it: npx nanproof replay /),
      quick: null,
    });
    expect(exitCode).toBe(1);
  });

  it("fails the file where tests at a time share the global expect, which knows none of them", async () => {
    const awaited = `test("awaited", async () => { await expect({ ...lives, steps: 2000 }).toStayFinite(); }); test("quick", async () => {});`;
    const fine = await runTests("shared", `describe.concurrent("at a time", () => { ${awaited} });`);
    expect(fine).toMatchObject({ tests: { awaited: null, quick: null }, exitCode: 0 });
    const left = `test("left", async () => { expect(lives).toStayFinite(); });`;
    const { files, exitCode } = await runTests(
      "shared-left",
      `describe.concurrent("at a time", () => { ${awaited} ${left} });`,
    );
    expect(files).toMatch(remedy("toStayFinite"));
    expect(exitCode).toBe(1);
  });

  it("is seen in every file of one process, and with the matchers from a setup file", async () => {
    writeFileSync(join(project, "setup.js"), 'import "nanproof/vitest";');
    const config = join(project, "shared.config.js");
    writeFileSync(
      config,
      `export default { test: { isolate: false, setupFiles: ["${project}/setup.js"] } };`,
    );
    const body = (nth: number) =>
      `test("left ${nth}", () => { expect(lives).toStayFinite(); }); test("awaited ${nth}", () => expect(lives).toStayFinite());`;
    mkdirSync(join(project, "setup"));
    writeFileSync(join(project, "setup", "other.test.js"), HEAD + body(2));
    const flags = ["--config", config, "--maxWorkers=1"];
    const { tests, exitCode } = await runTests("setup", body(1), ...flags);
    expect(tests).toEqual({
      "left 1": expect.stringMatching(remedy("toStayFinite")),
      "left 2": expect.stringMatching(remedy("toStayFinite")),
      "awaited 1": null,
      "awaited 2": null,
    });
    expect(exitCode).toBe(1);
  });

  it("cannot stand inside another expectation, which would not wait", async () => {
    const { tests } = await runTests(
      "inside",
      `
test("as it is", () => { expect({ a: lives }).toEqual({ a: expect.toStayFinite() }); });
test("not", () => { expect({ a: dies }).toEqual({ a: expect.not.toStayFinite() }); });
`,
    );
    for (const name of ["as it is", "not"])
      expect(tests[name]).toMatch(/expect\.toStayFinite\(\) stands inside another expectation/);
  });
});
