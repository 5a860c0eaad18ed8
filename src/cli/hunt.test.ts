import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { readFixture } from "../fixtures/store.ts";
import { randomStream } from "../numerics/random.ts";
import { deadly } from "../search/testing/deadly.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-hunt-cli-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

writeFileSync(join(cwd, "deadly.json"), JSON.stringify(deadly));
/** Runs that have no time to die. */
writeFileSync(join(cwd, "harmless.json"), JSON.stringify({ ...deadly, time: { min: 1, max: 4 } }));
writeFileSync(join(cwd, "broken.json"), JSON.stringify({ ...deadly, time: { min: 9, max: 4 } }));

const main = resolve("dist/cli/main.js");
const start = (line: string) =>
  execa(process.execPath, [main, "hunt", ...line.split(" ").filter(Boolean)], {
    reject: false,
    cwd,
    timeout: 120_000,
  });

/** Fixtures of a folder: contents by name. */
function fixturesIn(folder: string): Record<string, string> {
  const path = join(cwd, folder);
  const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".json")) : [];
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(path, name), "utf8")]));
}

describe("nanproof hunt", () => {
  it("finds, confirms on tfjs-wasm and writes; its JSON says what, and how to find it again", async () => {
    const { exitCode, stdout } = await start("--domain deadly.json --cases 40 --out found --json");
    const json = JSON.parse(stdout);
    expect(Object.keys(json)).toEqual([
      "cases",
      "casesPerSecond",
      "steps",
      "work",
      "deaths",
      "firstFailureSeconds",
      "failures",
      "seed",
      "replay",
    ]);
    expect(json).toMatchObject({ cases: 40, seed: "1" });
    expect(json.deaths).toBeGreaterThan(1);
    expect(json.firstFailureSeconds).toBeGreaterThan(0);
    expect(json.failures.length).toBeGreaterThan(0);
    for (const { signature, fixture, confirmed } of json.failures) {
      const stored = readFixture(join(cwd, fixture)).fixture;
      expect(confirmed).toBe(stored.expected.reproducesOn.includes("tfjs-wasm"));
      expect(stored.expected.signature).toBe(signature);
    }
    expect(exitCode).toBe(1);

    expect(json.replay).toBe("npx nanproof hunt --domain deadly.json --seed 1 --cases 40");
    const again = await start(`${json.replay.replace("npx nanproof hunt ", "")} --workers 1 --out again`);
    expect(again.stdout).toContain(json.replay);
    expect(fixturesIn("again")).toEqual(fixturesIn("found"));
  });

  it("nothing found is 0, a folder is not made for it, and no death has a time", async () => {
    const { exitCode, stdout } = await start("--domain harmless.json --cases 20 --out none --json");
    expect(JSON.parse(stdout)).toMatchObject({
      cases: 20,
      deaths: 0,
      failures: [],
      firstFailureSeconds: null,
    });
    expect(exitCode).toBe(0);
    expect(Object.keys(fixturesIn("none"))).toEqual([]);
  });

  it("--no-shrink keeps the network as captured, needless rows and timesteps dropped; shrink makes it small later", async () => {
    const { exitCode, stdout } = await start(
      "--domain deadly.json --cases 40 --keep 3 --no-shrink --out captured --json",
    );
    expect(exitCode).toBe(1);
    const { failures } = JSON.parse(stdout) as { failures: { fixture: string; signature: string }[] };
    const kept = failures.map(({ fixture }) => readFixture(join(cwd, fixture)).fixture);
    for (const { minimal, size, case: testCase, expected } of kept) {
      expect(minimal).toBe(false);
      // As the domain has it: three layers of 8 units, with all their weights and moments.
      expect(testCase.model.layers.map(({ units }) => units)).toEqual([8, 8, 8]);
      expect(size?.nonZero).toBeGreaterThan(1000);
      // One row, until it overflows.
      expect({ rows: size?.rows, time: size?.time }).toEqual({
        rows: 1,
        time: (expected.site?.timestep ?? 0) + 1,
      });
    }
    const wider = kept.filter(({ provenance: { captured } }) => (captured?.rows ?? 0) > 1);
    expect(wider.length).toBeGreaterThan(0);

    const [{ fixture, signature } = { fixture: "", signature: "" }] = failures;
    const shrunk = await execa(process.execPath, [main, "shrink", fixture, "--json"], { reject: false, cwd });
    const { before, after, ...told } = JSON.parse(shrunk.stdout);
    expect(told).toMatchObject({ signature, minimal: true });
    expect(before.units).toBe(24);
    expect(after.units).toBeLessThan(4);
    expect(shrunk.exitCode).toBe(0);
  });

  it("ends when the time is up", async () => {
    const { stdout, exitCode } = await start("--domain harmless.json --time 8s --out timed --json");
    const { cases, casesPerSecond } = JSON.parse(stdout);
    expect(cases).toBeGreaterThan(1);
    expect(casesPerSecond).toBeGreaterThan(0);
    expect(exitCode).toBe(0);
  });

  it("Ctrl-C ends it with 130, and what was found is kept", async () => {
    const running = start("--domain deadly.json --time 5m --out interrupted --json --confirm explorer");
    const found = () => Object.keys(fixturesIn("interrupted")).length > 0;
    for (let i = 0; i < 300 && !found(); i++) await new Promise((turn) => setTimeout(turn, 100));
    running.kill("SIGINT");
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout).failures.length).toBeGreaterThan(0);
  });

  it.each([
    ["--time 30s --cases 5", "--time and --cases 5 are both given"],
    ["--time soon", '--time is "soon": give it once, a time like 30s, 5m or 1h30m'],
    ["--time 0s", '--time is "0s"'],
    ["--time 30", '--time is "30"'],
    ["--cases 0", '--cases is "0"'],
    ["--cases many", '--cases is "many"'],
    ["--cases 99999999999999999999", "at least 1 and at most 9007199254740991"],
    ["--workers 0", '--workers is "0"'],
    ["--workers 1000", '--workers is "1000"'],
    ["--keep 0", '--keep is "0"'],
    ["--strategy clever", '--strategy is "clever"'],
    ["--confirm abacus", '--confirm is "abacus"'],
    ["--domain nowhere", '"nowhere"'],
    ["--domain broken.json", "broken.json: time"],
    ["--domain deadly.json --batch 4000", "--batch"],
    ["--text brown", "no such flag: text"],
    ["--domain harmless.json --cases 1 --out deadly.json", "is not a folder"],
    ["--domain harmless.json --cases 1 --out .", "broken.json"],
  ])("%s is wrong use", async (line, says) => {
    const { exitCode, stdout, stderr } = await start(line);
    expect(stderr).toContain(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });
});

describe("a hunt killed at random moments", () => {
  /** The number; more with NANPROOF_KILLS. */
  const kills = Number(process.env.NANPROOF_KILLS ?? 50);
  const seed = process.env.NANPROOF_SEED ?? "1";

  it(`${kills} times (seed ${seed}) leaves no half-written fixture, and is gone on with to the same end`, async () => {
    const line = "--domain deadly.json --cases 150 --keep 20 --confirm explorer --workers 1";
    const random = randomStream(seed, "kills");
    for (let kill = 0; kill < kills; kill++) {
      const running = start(`${line} --out killed`);
      const moment = new Promise((done) => setTimeout(done, 200 + random.integer(1500)));
      await Promise.race([moment, running]);
      running.kill("SIGKILL");
      await running;
      for (const name of Object.keys(fixturesIn("killed"))) readFixture(join(cwd, "killed", name));
    }
    await Promise.all([start(`${line} --out killed`), start(`${line} --out unharmed`)]);
    expect(Object.keys(fixturesIn("unharmed")).length).toBeGreaterThan(3);
    expect(fixturesIn("killed")).toEqual(fixturesIn("unharmed"));
    expect(readdirSync(join(cwd, "killed")).filter((name) => !/^\.nanproof$|\.json$/.test(name))).toEqual([]);
  }, 600_000);
});
