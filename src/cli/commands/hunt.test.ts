import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { writeSaved } from "../../documents/saved/savedState.ts";
import { deadly } from "../../hunt/testing/deadly.ts";
import { folderBytes } from "../../hunt/testing/folderBytes.ts";
import { readFixture } from "../../library/fixtures.ts";
import { randomStream } from "../../numerics/random.ts";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-hunt-cli-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

writeFileSync(join(cwd, "deadly.json"), JSON.stringify(deadly));
/** Runs that have no time to die. */
writeFileSync(join(cwd, "harmless.json"), JSON.stringify({ ...deadly, time: { min: 1, max: 4 } }));
writeFileSync(join(cwd, "broken.json"), JSON.stringify({ ...deadly, time: { min: 9, max: 4 } }));

const start = (line: string, options: { detached?: boolean } = {}) =>
  runNanproof(["hunt", ...line.split(" ").filter(Boolean)], { cwd, timeout: 120_000, ...options });

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

    expect(json.replay).toBe("npx nanproof hunt --domain deadly.json --out found --seed 1 --cases 40");
    const flags = json.replay.replace("npx nanproof hunt ", "").replace("--out found", "--out again");
    const again = await start(`${flags} --workers 1`);
    expect(again.stdout).toContain(`npx nanproof hunt ${flags}`);
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
    const shrunk = await runNanproof(["shrink", fixture, "--json"], { cwd });
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
    await vi.waitUntil(found, { timeout: 100_000 });
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

describe("a hunt stopped at random moments", () => {
  /** Number of stops; more with NANPROOF_KILLS. */
  const stops = Number(process.env.NANPROOF_KILLS ?? 40);
  const seed = process.env.NANPROOF_SEED ?? "1";
  // Deaths of several signatures, some of which meet others while they are made small.
  const line = "--domain stress --cases 40 --keep 2 --confirm explorer";
  const hunt = (out: string, workers: number) =>
    start(`${line} --workers ${workers} --out ${out}`, { detached: true });

  it(`${stops} times (seed ${seed}) leaves no half-written fixture, and is gone on with to the same bytes`, async () => {
    const random = randomStream(seed, "stops");
    const began = performance.now();
    await hunt("undisturbed", 2);
    const duration = performance.now() - began;
    const undisturbed = folderBytes(join(cwd, "undisturbed"));
    expect(Object.keys(undisturbed).length).toBeGreaterThan(5);
    for (let stop = 0, round = 0; stop < stops || round === 0; round++) {
      const out = `stopped-${round}`;
      for (let ended = false; !ended; stop++) {
        const running = hunt(out, 1 + random.integer(2));
        const moment = new Promise((done) => setTimeout(done, random.integer(Math.ceil(duration))));
        if (stop < stops) await Promise.race([moment, running]);
        else await running;
        const signal = (["SIGINT", "SIGTERM", "SIGKILL"] as const)[random.integer(3)] ?? "SIGINT";
        // To it alone, or as a terminal and a job's end do it: to its workers too.
        const target = random.integer(2) === 0 ? 1 : -1;
        if (running.exitCode === null && running.pid !== undefined) tryKill(target * running.pid, signal);
        const { exitCode, signal: died } = await running;
        expect([1, 130, 143, undefined], `${out}, stop ${stop}: ${died}`).toContain(exitCode);
        for (const name of Object.keys(fixturesIn(out))) readFixture(join(cwd, out, name));
        ended = exitCode === 1;
      }
      expect(folderBytes(join(cwd, out))).toEqual(undisturbed);
    }
  }, 1_200_000);

  /** It may have ended in this very moment. */
  function tryKill(pid: number, signal: NodeJS.Signals): void {
    try {
      process.kill(pid, signal);
    } catch {}
  }
});

describe("a hunt in a folder that something else is in", () => {
  const line = "--domain harmless.json --cases 3 --confirm explorer --workers 1";
  const saved = (out: string) => join(cwd, out, ".nanproof");
  /** The file of a hunt that was made there. */
  async function progressOf(out: string): Promise<string> {
    await start(`${line} --out ${out}`);
    return join(saved(out), readdirSync(saved(out))[0] ?? "");
  }
  async function expectRefused(out: string, ...says: string[]) {
    const { exitCode, stdout, stderr } = await start(`${line} --out ${out}`);
    for (const text of says) expect(stderr).toContain(text);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  }

  it("is refused while another hunts there, which is named with the folder", async () => {
    const first = start("--domain deadly.json --time 5m --confirm explorer --workers 1 --out shared");
    const isLocked = () => existsSync(saved("shared")) && readdirSync(saved("shared")).includes("lock-1");
    await expect.poll(isLocked, { timeout: 60_000 }).toBe(true);
    await expectRefused("shared", "NANPROOF_E_LOCKED", `shared: process ${first.pid} is hunting there`);
    first.kill("SIGKILL");
    await first;
    expect(isLocked()).toBe(true);
    expect((await start(`${line} --out shared`)).exitCode).toBe(0);
    expect(readdirSync(saved("shared")).filter((name) => name.startsWith("lock"))).toEqual([]);
  });

  it("is refused where .nanproof is a file, or leads somewhere else", async () => {
    mkdirSync(join(cwd, "taken"));
    writeFileSync(saved("taken"), "mine");
    await expectRefused("taken", "taken/.nanproof: is a file", "NANPROOF_E_SAVED");
    expect(readFileSync(saved("taken"), "utf8")).toBe("mine");
    mkdirSync(join(cwd, "linked"));
    mkdirSync(join(cwd, "elsewhere"));
    symlinkSync(join(cwd, "elsewhere"), saved("linked"));
    await expectRefused("linked", "linked/.nanproof: is a symbolic link");
    expect(readdirSync(join(cwd, "elsewhere"))).toEqual([]);
  });

  it("is refused where what it goes on from is no plain file", async () => {
    const path = await progressOf("piped");
    rmSync(path);
    execFileSync("sh", ["-c", `mkfifo "$0"`, path]);
    await expectRefused("piped", `${relative(cwd, path)}: is a named pipe`);
    rmSync(path);
    symlinkSync("/dev/zero", path);
    await expectRefused("piped", `${relative(cwd, path)}: is a symbolic link`);
  });

  it("is refused where how far it got was changed: cases would be skipped", async () => {
    const path = await progressOf("changed");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace('"next":3', '"next":2'));
    await expectRefused("changed", relative(cwd, path), "it was changed after it was written");
    for (const other of ["[]", "{}", "null", '{"schemaVersion":1,"next":2}', text.slice(0, -1)]) {
      writeFileSync(path, other);
      await expectRefused("changed", relative(cwd, path), "remove it to begin from the start");
    }
  });

  it("is refused where how far it got does not hang together, though its checksum is right", async () => {
    const path = await progressOf("edited");
    const { state } = JSON.parse(readFileSync(path, "utf8"));
    const differing: [string, object][] = [
      ["next is 2 where tally.cases is 3", { next: 2 }],
      ["strategy.learned is 3 where next is 2", { next: 2, tally: { ...state.tally, cases: 2 } }],
      ["strategy is not that of a hunt with --strategy guided", { strategy: null }],
      ["pending[0].ref.index is 5", { pending: [{ ref: { index: 5, parent: null }, signature: "a/b/c" }] }],
      ['pending is "x"', { pending: "x" }],
      ["tally.deaths is -1", { tally: { ...state.tally, deaths: -1 } }],
      ["strategy.pool is missing", { strategy: { ...state.strategy, pool: undefined } }],
    ];
    for (const [says, differs] of differing) {
      writeSaved(path, { ...state, ...differs });
      await expectRefused("edited", relative(cwd, path), says);
    }
  });
});

describe("what a hunt prints to find the same again", () => {
  const again = async (replay: string, out: string) =>
    JSON.parse(
      (
        await start(
          `${replay.replace(/npx nanproof hunt |--out \S+/g, "")} --json --out ${out}`
            .replaceAll(/ +/g, " ")
            .trim(),
        )
      ).stdout,
    );

  it("finds the same as a hunt that the clock ended, whose cases it counts", async () => {
    const { stdout } = await start(
      "--domain deadly.json --time 12s --keep 2 --confirm explorer --out timed-a --json",
    );
    const { cases, steps, work, deaths, replay } = JSON.parse(stdout);
    expect(replay).toBe(
      `npx nanproof hunt --domain deadly.json --keep 2 --confirm explorer --out timed-a --seed 1 --cases ${cases}`,
    );
    expect(await again(replay, "timed-b")).toMatchObject({ cases, steps, work, deaths });
    expect(folderBytes(join(cwd, "timed-b"))).toEqual(folderBytes(join(cwd, "timed-a")));
  });

  it("says that deaths are not made small", async () => {
    const { stdout } = await start(
      "--domain deadly.json --cases 12 --no-shrink --confirm explorer --out whole-a --json",
    );
    const { replay, failures } = JSON.parse(stdout);
    expect(replay).toContain(" --no-shrink");
    expect(failures.length).toBeGreaterThan(0);
    await again(replay, "whole-b");
    expect(folderBytes(join(cwd, "whole-b"))).toEqual(folderBytes(join(cwd, "whole-a")));
  });
});

describe("the domain of a hunt", () => {
  it("is drawn without what flags give, layer by layer", async () => {
    const layersOf = async (flags: string) => {
      const { stdout } = await start(
        `--domain stress --cases 60 --keep 4 --no-shrink --confirm explorer --json ${flags} --out ${flags.replaceAll(/[^a-z0-9]/g, "")}`,
      );
      const { failures } = JSON.parse(stdout) as { failures: { fixture: string }[] };
      expect(failures.length).toBeGreaterThan(3);
      return failures.map(
        ({ fixture }) => readFixture(join(cwd, fixture)).fixture.provenance.run?.model.layers ?? [],
      );
    };
    for (const layers of await layersOf("--units 8,16,4"))
      expect(layers.map(({ units }) => units)).toEqual([8, 16, 4]);
    for (const layers of await layersOf("--layers relu,linear"))
      expect(layers.map(({ activation }) => activation)).toEqual(["relu", "linear"]);
    const even = await layersOf("--units 6");
    expect(new Set(even.flat().map(({ units }) => units))).toEqual(new Set([6]));
    expect(new Set(even.map((layers) => layers.length)).size).toBeGreaterThan(1);
  });

  it.each(["guided", "random"])(
    "past the explorer's memory is refused before the first case (%s)",
    async (strategy) => {
      const large = {
        ...deadly,
        units: { min: 8, max: 64, each: "run" },
        time: { min: 48, max: 2000 },
        rows: { min: 1, max: 200 },
        batches: { min: 1, max: 1 },
      };
      writeFileSync(join(cwd, "large.json"), JSON.stringify(large));
      const { exitCode, stdout, stderr } = await start(
        `--domain large.json --strategy ${strategy} --cases 5 --out large`,
      );
      expect(stderr).toMatch(
        /domain's largest case cannot be run: engine explorer: needs \d+ bytes.* 200 rows x 2000 timesteps/,
      );
      expect(stderr).toContain("lower units.max");
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(existsSync(join(cwd, "large"))).toBe(false);
    },
  );

  it("that is wrong in several places is told in all of them", async () => {
    const { rows: _, ...rest } = deadly;
    writeFileSync(
      join(cwd, "several.json"),
      JSON.stringify({ ...rest, units: { min: 0, max: 3, each: "year" }, steps: 4, colour: 1, weight: 2 }),
    );
    const { exitCode, stderr } = await start("--domain several.json --cases 1 --out several");
    for (const says of [
      "units.min is 0: give at least 1",
      'units.each is "year": give one of "run", "layer"',
      "rows is missing: give an object",
      "steps is 4: give an object",
      'unknown keys "colour", "weight"',
    ])
      expect(stderr).toContain(says);
    expect(stderr).not.toContain("more)");
    expect(exitCode).toBe(2);
  });
});
