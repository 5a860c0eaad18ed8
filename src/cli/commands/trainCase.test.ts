import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LstmFixture as Fixture } from "../../library/lstmFixture.ts";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-case-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const committed = (name: string): Fixture => {
  const file = readdirSync("fixtures").find((entry) => entry.includes(name)) ?? "";
  return JSON.parse(readFileSync(join("fixtures", file), "utf8"));
};
const run = committed("d700ba52eb45");
const step = committed("92253bf5a3fc");
beforeAll(() => {
  writeFileSync(join(cwd, "my run.json"), JSON.stringify(run.case));
  writeFileSync(join(cwd, "step.json"), JSON.stringify(step.case));
  writeFileSync(join(cwd, "text.txt"), "The cat sat on the mat. A dog ran to the cat.");
  writeFileSync(
    join(cwd, "slower.mjs"),
    "export const fix = (c) => ({ ...c, optimizer: { ...c.optimizer, learningRate: 1e-4 } });",
  );
});

const nanproof = (args: string[], input?: string) =>
  runNanproof(args, { cwd, ...(input === undefined ? {} : { input }) });
const train = async (...args: string[]) =>
  JSON.parse((await nanproof(["train", ...args, "--json"])).stdout) as Record<string, unknown>;

describe("--case", () => {
  it("is trained as it is, a run and a step alike", async () => {
    const { signature, step: at } = run.expected;
    expect(await train("--case", "my run.json", "--out", "run")).toMatchObject({ signature, step: at });
    const of = await train("--case", "step.json", "--out", "step");
    expect(of).toMatchObject({ signature: step.expected.signature, step: 1 });
    const fixture = JSON.parse(readFileSync(join(cwd, of.fixture as string), "utf8")) as Fixture;
    expect(fixture.case).toEqual(step.case);
    expect(fixture.provenance.preset).toBe("step.json");
  });

  it("takes flags of the model over it, and a fix", async () => {
    const lives = { status: "completed", step: run.case.steps };
    expect(await train("--case", "my run.json", "--learning-rate", "1e-4")).toMatchObject(lives);
    expect(await train("--case", "my run.json", "--fix", "cell-clip")).toMatchObject(lives);
    expect(await train("--case", "my run.json", "--fix", "./slower.mjs")).toMatchObject(lives);
    expect(await train("--case", "my run.json", "--cell-clip", "50")).toMatchObject(lives);
    expect(await train("--case", "my run.json", "--optimizer", "sgd", "--clip", "value=1e-3")).toMatchObject(
      lives,
    );
  });

  it("is what a hunt goes out from, but for its data", async () => {
    const hunt = ["hunt", "--case", "my run.json", "--cases", "3", "--domain", "stress", "--json"];
    const { stdout } = await nanproof([...hunt, "--confirm", "explorer", "--out", "hunted"]);
    const { replay, cases } = JSON.parse(stdout);
    expect(cases).toBe(3);
    expect(replay).toContain("npx nanproof hunt --case 'my run.json' --domain stress ");
  });

  it.each<[string[], string]>([
    [["--text", "text.txt"], "--text and --case step.json are both given"],
    [["--batch", "2"], "--batch and --case step.json are both given"],
    [["--epochs", "2"], "--epochs is 2: the case of --case says how many steps"],
    [["--preset", "hardened"], "--preset hardened and --case step.json are both given"],
    [["--units", "4"], "the case has weights of its own"],
    [["--fix", "nope"], '--fix is "nope": there is no such fix or preset'],
    [["--optimizer", "sgd", "--epsilon", "1"], "--epsilon is 1, and sgd has none"],
    [["--clip", "often"], '--clip is "often": give it once, none, or one of global-norm, '],
  ])("refuses %s beside it", async (more, says) => {
    const { exitCode, stdout, stderr } = await nanproof(["train", "--case", "step.json", ...more]);
    expect(stderr).toContain(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  it("refuses what is no case, and one whose tensors are elsewhere", async () => {
    // What its case lacks are the tensors of the binary file beside a fixture.
    const stored = { kernel: { byteOffset: 0 }, bias: { byteOffset: 64 } };
    const init = { kind: "explicit", step: 0, weights: [stored] };
    writeFileSync(join(cwd, "stored.json"), JSON.stringify({ ...step.case, init }));
    writeFileSync(join(cwd, "wrong.json"), JSON.stringify({ ...step.case, steps: 0 }));
    for (const file of ["text.txt", "wrong.json", "stored.json", "missing.json"]) {
      const { exitCode, stdout, stderr } = await nanproof(["train", "--case", file]);
      expect({ file, exitCode, stdout }).toEqual({ file, exitCode: 2, stdout: "" });
      expect(stderr).toContain("[NANPROOF_E_");
    }
  });
});

describe("--text -", () => {
  it("trains on what comes on stdin as on a file of it", async () => {
    const args = ["train", "--units", "3", "--batch", "2", "--epochs", "2", "--json", "--text"];
    const [piped, read] = [
      await nanproof([...args, "-"], readFileSync(join(cwd, "text.txt"), "utf8")),
      await nanproof([...args, "text.txt"]),
    ];
    const { msPerStep: _, ...ofPiped } = JSON.parse(piped.stdout);
    const { msPerStep: __, ...ofRead } = JSON.parse(read.stdout);
    expect(ofPiped).toEqual(ofRead);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("nanproof-stdin-"))).toEqual([]);
  });

  it("of nothing is wrong use", async () => {
    const { exitCode, stderr } = await nanproof(["train", "--text", "-"], "");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("[NANPROOF_E_");
  });
});
