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
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findingOf } from "../../findings/pipeline.ts";
import { runToDeath } from "../../findings/runToDeath.ts";
import { readFixture, writeFixture } from "../../fixtures/store.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { syntheticRun } from "../../programs/lstm/shrinking/testing/dyingRun.ts";
import { exitOf } from "../testing/exitOf.ts";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-shrink-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const start = (...args: string[]) => runNanproof(["shrink", ...args], { cwd, timeout: 60_000 });
const json = async (...args: string[]) => {
  const { exitCode, stdout } = await start(...args, "--json");
  return { exitCode, document: JSON.parse(stdout) as Record<string, unknown> };
};
/** Waits until a shrink has written its progress to a folder. */
async function saved(folder: string): Promise<void> {
  const place = join(cwd, folder, ".nanproof");
  await vi.waitUntil(() => existsSync(place) && readdirSync(place).some((name) => name.endsWith(".json")), {
    timeout: 100_000,
    interval: 10,
  });
}
const SHAPE = ["fixture", "signature", "before", "after", "minimal", "candidates", "seconds"];

let file: string;

beforeAll(async () => {
  const engine = await openEngine("explorer");
  const run = syntheticRun({ seed: "14", units: 12, time: 60, learningRate: 0.3, axis: "time", uneven: 1 });
  const { dead } = await runToDeath(engine, run, { folder: "." });
  const dying = dead?.fatal;
  if (dying === undefined) throw new Error("the run lives");
  const provenance = { nanproof: "0.1.0", preset: "published", data: "test", seed: "14", step: 7 };
  const finding = await findingOf(engine, dying.step, dying.death, provenance, [], { kind: "none" });
  if (finding === null) throw new Error("the step lives");
  file = writeFixture(join(cwd, "found"), finding.fixture).slice(cwd.length + 1);
});

describe("nanproof shrink", () => {
  it("leaves a small fixture that dies of the same signature and says how small it is", async () => {
    const { exitCode, document } = await json(file, "--out", "small");
    expect(exitCode).toBe(0);
    expect(Object.keys(document)).toEqual(SHAPE);
    const before = readFixture(join(cwd, file)).fixture;
    expect(document).toMatchObject({
      signature: before.expected.signature,
      before: before.size,
      minimal: true,
    });
    const after = readFixture(join(cwd, document.fixture as string)).fixture;
    expect(after).toMatchObject({
      size: document.after,
      minimal: true,
      provenance: { shrunkFrom: before.provenance.shrunkFrom },
    });
    expect(after.sentence).toMatch(/relu unit.*, recurrent weight |largest recurrent weight /);
    expect(after.size?.nonZero).toBeLessThan(before.size?.nonZero ?? 0);
    expect(readdirSync(join(cwd, "small"))).toEqual([(document.fixture as string).split("/")[1]]);
  });

  it("changes nothing of a shrunk fixture", async () => {
    const { document } = await json(file, "--out", "again");
    const path = join(cwd, document.fixture as string);
    const text = readFileSync(path, "utf8");
    const again = await json(document.fixture as string);
    expect(again.exitCode).toBe(0);
    expect(again.document).toMatchObject({
      fixture: document.fixture,
      before: document.after,
      after: document.after,
    });
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readdirSync(join(cwd, "again")).length).toBe(1);
  });

  it("stops after so many candidates with the best so far, the same every time", async () => {
    const [first, second] = [
      await json(file, "--candidates", "9", "--out", "a"),
      await json(file, "--candidates", "9", "--out", "b"),
    ];
    expect(first?.document).toMatchObject({ minimal: false });
    expect(first?.document.candidates).toBeLessThan(15);
    const [a, b] = [first, second].map(({ document }) =>
      readFileSync(join(cwd, document.fixture as string), "utf8"),
    );
    expect(a).toBe(b);
  });

  it("goes on after a kill from where it was", async () => {
    const running = start(file, "--engine", "tfjs-cpu", "--out", "killed");
    await saved("killed");
    running.kill("SIGKILL");
    expect((await running).signal).toBe("SIGKILL");
    expect(readdirSync(join(cwd, "killed"))).toEqual([".nanproof"]);
    const place = join(cwd, "killed/.nanproof");
    const kept = join(place, readdirSync(place).find((name) => name.endsWith(".json")) ?? "");
    const text = readFileSync(kept, "utf8");
    for (const [change, says] of [
      [text.replace('"candidates":', '"candidates":1'), "it was changed after it was written"],
      ["[1]", "the document is a list"],
    ] as const) {
      writeFileSync(kept, change);
      const refused = await start(file, "--engine", "tfjs-cpu", "--out", "killed", "--json");
      expect(refused.stderr).toContain(says);
      expect({ exitCode: refused.exitCode, stdout: refused.stdout }).toEqual({ exitCode: 2, stdout: "" });
    }
    writeFileSync(kept, text);
    const { exitCode, stdout, stderr } = await start(
      file,
      "--engine",
      "tfjs-cpu",
      "--out",
      "killed",
      "--time",
      "2s",
      "--json",
    );
    const [, before] =
      /going on from where an earlier shrink of .* was stopped, after (\d+) candidates/.exec(stderr) ?? [];
    expect(Number(before)).toBeGreaterThan(0);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(exitCode).toBe(0);
    expect(document.candidates).toBeGreaterThan(Number(before));
    expect(readdirSync(join(cwd, "killed")).every((name) => name.endsWith(".json"))).toBe(true);
  });

  it("keeps the best so far on Ctrl-C", async () => {
    const running = start(file, "--engine", "tfjs-cpu", "--out", "stopped", "--json");
    await saved("stopped");
    running.kill("SIGINT");
    const outcome = await running;
    expect(exitOf(outcome)).toBe(130);
    // On a machine too busy to confirm it in time, its progress is what is kept.
    if (outcome.stdout === "") {
      expect(outcome.stderr).toMatch(/^stopped; /m);
      return expect(readdirSync(join(cwd, "stopped"))).not.toEqual([]);
    }
    const document = JSON.parse(outcome.stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ minimal: false });
    expect(existsSync(join(cwd, document.fixture as string))).toBe(true);
  });

  it("says what happens instead where the fixture does not die of its signature", async () => {
    const { fixture } = readFixture(join(cwd, file));
    const other = { ...fixture, expected: { ...fixture.expected, signature: "update/update-overflow/relu" } };
    writeFileSync(join(cwd, "other.json"), JSON.stringify(other));
    const { exitCode, document } = await json("other.json");
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({
      fixture: null,
      signature: fixture.expected.signature,
      before: null,
      after: null,
    });
    const { stdout } = await start("other.json");
    expect(stdout).toContain("does not die of update/update-overflow/relu on explorer");
    expect(stdout).toContain(`it dies of ${fixture.expected.signature} here`);
  });

  it.each([
    [["--time", "soon"], '--time is "soon": give it once, a time like'],
    [["--time", "10"], '--time is "10": give it once, a time like'],
    [["--candidates", "0"], '--candidates is "0"'],
    [["--out", "other.json"], "is not a folder"],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stderr } = await start(file, ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it("refuses a .nanproof that is no folder, or leads somewhere else", async () => {
    for (const [out, plant, says] of [
      ["taken", (path: string) => writeFileSync(path, ""), "is a file"],
      ["linked", (path: string) => symlinkSync(cwd, path), "is a symbolic link"],
    ] as const) {
      mkdirSync(join(cwd, out));
      plant(join(cwd, out, ".nanproof"));
      const { exitCode, stderr } = await start(file, "--out", out);
      expect(stderr).toContain(`${out}/.nanproof: ${says}`);
      expect(exitCode).toBe(2);
      expect(readdirSync(join(cwd, out))).toEqual([".nanproof"]);
    }
  });

  it("refuses a file that is not there", async () => {
    const { exitCode, stderr } = await start("nowhere.json");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("nowhere.json");
  });
});
