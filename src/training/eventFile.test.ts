import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { runNanproof } from "../cli/testing/nanproof.ts";
import { said } from "../cli/testing/said.ts";
import { BACKENDS, LEFT_OUT } from "../programs/lstm/engines/tfjs/testing/backends.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-events-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(
  join(cwd, "story.txt"),
  `The cat sat on the mat and saw the dog. A dog ran to the cat and the cat ran to the mat. The mat lay
under the dog. Dogs and cats ran and sat and lay on the mat. The story ends with a cat and a dog on a mat.`,
);

const SMALL = ["--text", "story.txt", "--units", "3", "--batch", "4"];
const train = (...args: string[]) => runNanproof(["train", ...SMALL, ...args], { cwd });

/** A Python that has the package tensorboard; where none is named, what needs it is skipped. */
const python = process.env.NANPROOF_TENSORBOARD_PYTHON;
const withTensorBoard = `the real TensorBoard reads${python ? "" : " (skipped: NANPROOF_TENSORBOARD_PYTHON names no Python that has it)"}`;

type Events = Record<string, [step: number, value: number | string][]>;
async function read(folder: string): Promise<Events> {
  const { stdout } = await execa(python ?? "", [
    resolve("src/training/testing/read-events.py"),
    join(cwd, folder),
  ]);
  return JSON.parse(stdout) as Events;
}

const steps = (events: Events, tag: string) => events[tag]?.map(([step]) => step);
const TAGS = ["loss", "cosine_distance", "regulariser", "gradient_norm", "overflow_alarm"];
const CELLS = [0, 1, 2].map((layer) => `max_cell/layer_${layer}`);

it.skip.each(LEFT_OUT)("%s", () => {});

describe.skipIf(python === undefined)(withTensorBoard, () => {
  it.each(["explorer", ...BACKENDS.map((name) => `tfjs-${name}`)])(
    "every scalar of a run on %s",
    async (engine) => {
      const { stdout, exitCode } = await train(
        ...[
          "--epochs",
          "2",
          "--preset",
          "published-l2",
          "--validation",
          "0.3",
          "--max-length",
          "8",
          "--engine",
          engine,
          "--tensorboard",
          engine,
          "--json",
        ],
      );
      expect(exitCode).toBe(0);
      const { step, loss } = JSON.parse(stdout) as { step: number; loss: number };
      const events = await read(engine);
      expect(Object.keys(events).sort()).toEqual([...TAGS, ...CELLS, "validation_loss"].sort());
      for (const tag of [...TAGS, ...CELLS])
        expect(steps(events, tag), tag).toEqual(Array.from({ length: step }, (_, i) => i + 1));
      expect(steps(events, "validation_loss")).toEqual([step / 2, step]);
      expect(events.loss?.at(-1)?.[1]).toBe(loss);
      const at = (tag: string) => Number(events[tag]?.[0]?.[1]);
      expect(at("regulariser")).toBeGreaterThan(0);
      expect(at("loss")).toBeCloseTo(at("cosine_distance") + at("regulariser"), 6);
    },
  );

  it("a run that died, up to its fatal step", async () => {
    const { stdout, exitCode } = await train("--learning-rate", "1000", "--tensorboard", "died", "--json");
    expect(exitCode).toBe(1);
    const { step } = JSON.parse(stdout) as { step: number };
    const events = await read("died");
    expect(events.gradient_norm?.at(-1)).toEqual([step, "nan"]);
  });

  it.each(["SIGINT", "SIGKILL"] as const)("what a run wrote until %s", async (signal) => {
    const running = train("--epochs", "100000", "--learning-rate", "1e-6", "--tensorboard", signal);
    await said(running, /^step ([2-9]|\d\d)/m);
    running.kill(signal);
    await running;
    const found = steps(await read(signal), "max_cell/layer_2") ?? [];
    expect(found.length).toBeGreaterThan(1);
    expect(found).toEqual(found.map((_, i) => i + 1));
  });
});

describe("nanproof train --tensorboard", () => {
  it("gives each run a file of its own, and says that TensorBoard draws them as one", async () => {
    const first = await train("--epochs", "1", "--tensorboard", "twice");
    const second = await train("--epochs", "1", "--tensorboard", "twice");
    expect(first.stderr).not.toContain("holds event files already");
    expect(second.stderr).toContain("--tensorboard twice holds event files already");
    const files = readdirSync(join(cwd, "twice"));
    expect(files).toHaveLength(2);
    for (const file of files) expect(file).toMatch(/^events\.out\.tfevents\.\d+\.nanproof(\.1)?$/);
  });

  it("that is given a file is wrong use, before the first step", async () => {
    const { exitCode, stderr, stdout } = await train("--tensorboard", "story.txt");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/story\.txt: .*EEXIST.*\n.*\[NANPROOF_E_TENSORBOARD\]$/);
    expect(stdout).toBe("");
  });
});
