import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runNanproof } from "./testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-invariant-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(join(cwd, "text.txt"), "The cat sat on the mat. A dog ran to the cat.");
writeFileSync(
  join(cwd, "mine.mjs"),
  `console.log("a word of the module");
export const invariants = [{ name: "small", check: ({ gauges }) => (gauges.weightNorm < 1 ? null : "too large") }];`,
);
writeFileSync(
  join(cwd, "tiny.json"),
  JSON.stringify({
    layers: { count: { min: 1, max: 1 }, activations: ["tanh"] },
    batches: { min: 1, max: 1 },
    units: { min: 2, max: 3, each: "run" },
    learningRate: { min: 0.01, max: 0.1 },
    rows: { min: 1, max: 2 },
    time: { min: 2, max: 4 },
    steps: { min: 2, max: 3 },
    inputScale: { min: 1, max: 1 },
    initScale: { min: 1, max: 1 },
    layouts: ["none"],
  }),
);

const nanproof = (line: string) => runNanproof(line.split(" "), { cwd });
const onlyFixture = (folder: string) => {
  const [name = "", ...others] = readdirSync(join(cwd, folder)).filter((file) => file.endsWith(".json"));
  expect(others).toEqual([]);
  return `${folder}/${name}`;
};
const TRAIN = "train --text text.txt --units 3 --batch 4 --epochs 3";

describe("--invariant", () => {
  it("ends a run, which leaves a fixture that knows what it broke", async () => {
    const { exitCode, stdout } = await nanproof(`${TRAIN} --invariant exploding=1e-3 --out named`);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("exploding is violated, loss ");
    expect(stdout).toMatch(/signature {2}step\/exploding\/\w+/);
    const fixture = onlyFixture("named");
    const { expected } = JSON.parse(readFileSync(join(cwd, fixture), "utf8"));
    expect(expected.invariants).toEqual(["exploding=1e-3"]);
    expect((await nanproof(`replay ${fixture}`)).exitCode).toBe(0);
    expect((await nanproof(`replay ${fixture} --update`)).exitCode).toBe(0);
    expect((await nanproof(`replay ${fixture}`)).exitCode).toBe(0);
    expect((await nanproof(`shrink ${fixture}`)).exitCode).toBe(0);
  });

  it("takes a file, which replay, shrink and gate need again", async () => {
    const trained = await nanproof(`${TRAIN} --invariant ./mine.mjs --out own --json`);
    expect(JSON.parse(trained.stdout).signature).toBe("step/small/check");
    expect(trained.stderr).toContain("a word of the module");
    const fixture = onlyFixture("own");
    const without = await nanproof(`replay ${fixture}`);
    expect(without).toMatchObject({ exitCode: 2, stdout: "" });
    expect(without.stderr).toContain("give --invariant mine.mjs");
    expect((await nanproof(`replay ${fixture} --invariant mine.mjs`)).exitCode).toBe(0);
    expect((await nanproof(`shrink ${fixture} --invariant mine.mjs --out own-again`)).exitCode).toBe(0);
    const gated = await nanproof(
      `gate --fixtures own --subject cell-clip --budget 0 --invariant mine.mjs --json`,
    );
    expect(JSON.parse(gated.stdout).failed).toMatchObject([{ fixture, signature: "step/small/check" }]);
  });

  it("is what a hunt's workers hold their cases to; what the file prints is no answer of theirs", async () => {
    const hunt = "hunt --domain tiny.json --cases 6 --workers 2 --confirm explorer --json";
    const { stdout, exitCode } = await nanproof(
      `${hunt} --invariant mine.mjs --invariant exploding --out hunted`,
    );
    const { failures, deaths, replay } = JSON.parse(stdout);
    expect(failures.map(({ signature }: { signature: string }) => signature)).toEqual(["step/small/check"]);
    expect(deaths).toBe(6);
    expect(exitCode).toBe(1);
    expect(replay).toContain("--invariant mine.mjs --invariant exploding");
    expect(JSON.parse((await nanproof(`${hunt} --out without`)).stdout).deaths).toBe(0);
  });

  it.each(["train --text text.txt", "hunt", "replay x.json", "shrink x.json", "gate --fixtures own"])(
    "of %s that is none is wrong use",
    async (line) => {
      writeFileSync(join(cwd, "x.json"), readFileSync(join(cwd, onlyFixture("named"))));
      const { exitCode, stderr, stdout } = await nanproof(`${line} --invariant nope`);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain('--invariant is "nope": there is no such invariant');
    },
  );
});
