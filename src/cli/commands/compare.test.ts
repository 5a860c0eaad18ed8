import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../programs/lstm/recordings/compare.ts";
import type { Recording } from "../../programs/lstm/recordings/recording.ts";
import { runNanproof } from "../testing/nanproof.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RECORDING = "fixtures/recordings/single-step.json";
const DYING = "fixtures/recordings/overflow-long-sequence.json";
const compare = (...args: string[]) => runNanproof(["compare", ...args, "--engine", "tfjs-cpu"]);

/** A recording with something changed in it. */
function changed(name: string, from: string, change: (recording: Recording) => void): string {
  const recording = JSON.parse(readFileSync(from, "utf8")) as Recording;
  change(recording);
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(recording));
  return path;
}

describe("nanproof compare", () => {
  it("exits with 0 where all agree; one entry a file, in their order", async () => {
    const { exitCode, stdout, stderr } = await compare(RECORDING, DYING, "--json");
    expect(exitCode).toBe(0);
    const documents = JSON.parse(stdout) as Comparison[];
    for (const document of documents)
      expect(Object.keys(document)).toEqual([
        "name",
        "agree",
        "steps",
        "maxRelativeError",
        "firstDisagreement",
      ]);
    expect(documents).toMatchObject([
      { name: "single-step", agree: true, steps: 15, firstDisagreement: null },
      { name: "overflow-long-sequence", agree: true, steps: 8, firstDisagreement: null },
    ]);
    expect(documents[0]?.maxRelativeError).toBeLessThan(1e-3);
    expect(stderr.split("\n").at(-1)).toBe("2 of 2 recordings agree on tfjs-cpu");
  });

  const first = (values: unknown): number[] =>
    Array.isArray(values) && Array.isArray(values[0]) ? first(values[0]) : (values as number[]);
  const shift = (values: number[]) => {
    values[0] = (values[0] ?? 0) + 0.01;
  };
  const CHANGES: [
    name: string,
    from: string,
    change: (recording: Recording) => void,
    step: number | null,
    quantity: RegExp,
  ][] = [
    ["a loss", RECORDING, ({ steps }) => Object.assign(steps[4] as object, { loss: 2 }), 5, /^loss$/],
    [
      "a gradient norm",
      RECORDING,
      ({ steps }) => Object.assign(steps[0] as object, { gradientNorm: 9 }),
      1,
      /^gradientNorm$/,
    ],
    [
      "a weight norm",
      RECORDING,
      ({ steps }) => Object.assign(steps[14] as object, { weightNorm: 9 }),
      15,
      /^weightNorm$/,
    ],
    ["an output", RECORDING, ({ firstStep }) => shift(first(firstStep.outputs)), 1, /outputs/],
    [
      "a gradient",
      RECORDING,
      ({ firstStep }) => shift(firstStep.gradients[1]?.bias as number[]),
      1,
      /gradients\[1\]\.bias/,
    ],
    [
      "a final weight",
      RECORDING,
      ({ finalWeights }) => shift(first(finalWeights[2]?.kernel)),
      null,
      /final weights of layer 2, kernel/,
    ],
    [
      "the step of death",
      DYING,
      ({ steps }) => Object.assign(steps[6] as object, { weightsFinite: false }),
      7,
      /^weights$/,
    ],
  ];

  it.each(CHANGES)(
    "exits with 1 where %s was changed, and says where",
    async (name, from, change, step, quantity) => {
      const { exitCode, stdout } = await compare(changed(name, from, change), "--json");
      expect(exitCode).toBe(1);
      const [document] = JSON.parse(stdout) as [Comparison];
      expect(document.agree).toBe(false);
      expect(document.firstDisagreement).toMatchObject({ step, quantity: expect.stringMatching(quantity) });
    },
  );

  it("says that the weights die while the loss is finite", async () => {
    const { stdout } = await compare(DYING, "fixtures/recordings/finished-row-beside-a-longer-one.json");
    expect(stdout).toMatch(
      /^agrees {5}overflow-long-sequence: 8 steps, .*; the weights die at step 8, loss -1\.52\d*\nagrees {5}finished-row-beside-a-longer-one: 1 step, .*; the weights die at step 1, /,
    );
  });

  it("exits with 1 where one of two disagrees, in words", async () => {
    const path = changed("words", RECORDING, ({ steps }) => Object.assign(steps[4] as object, { loss: 2 }));
    const { exitCode, stdout, stderr } = await compare(RECORDING, path);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^agrees {5}single-step: 15 steps, .*\ndisagrees {2}single-step: at step 5, loss: expected 2, got /,
    );
    expect(stderr.split("\n").at(-1)).toBe("1 of 2 recordings agree on tfjs-cpu");
  });
});
