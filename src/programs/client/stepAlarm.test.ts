import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { watch } from "./watch.ts";

let made = 0;

beforeAll(() => tf.setBackend("cpu"));
afterEach(() => vi.restoreAllMocks());

/** Runs steps of a small training, and gives the lines that it writes to stderr. */
function alarmLines(
  steps: number,
  { optimizer = tf.train.sgd(0), scale = () => 1, gauge = () => {}, isZero = true }: Partial<Training> = {},
): string[] {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const weight = tf.variable(tf.tensor1d([1, 2]), true, `alarmed${made++}`);
  let step = 0;
  const loss = (x: tf.Tensor) => {
    step += 1;
    gauge(step);
    const made = weight.mul(x).sum().mul(scale(step)) as tf.Scalar;
    // A number less: the gradient is the same.
    return isZero ? made.sub(made.dataSync()[0] ?? 0) : made;
  };
  const run = watch({ variables: { weight }, optimizer, loss });
  for (let k = 0; k < steps; k++) run(tf.tensor1d([1, 1]));
  return written;
}

interface Training {
  optimizer: tf.Optimizer;
  scale: (step: number) => number;
  gauge: (step: number) => void;
  /** True where the loss is 0 whatever its gradient. */
  isZero: boolean;
}

describe("the early warning of a watched script", () => {
  it("sees what watch.gauge reports, and warns once, before the end", () => {
    const lines = alarmLines(40, {
      gauge: (step) => watch.gauge("cell", tf.tensor1d([1, -(10 ** (step - 3))])),
    });
    expect(lines).toEqual([
      "nanproof: warning: float32 may overflow: cell is past 1e21 at step 24; about step 67 if it grows on like this\n",
    ]);
  });

  it("says where it sees weights and gradients only", () => {
    expect(alarmLines(9)).toEqual([]);
    expect(alarmLines(30)).toEqual([
      expect.stringMatching(/^nanproof: the early warning sees weights and gradients only; /),
    ]);
  });

  it("sees weights and gradients", () => {
    const isWarned = (line: string) => line.includes("may overflow");
    const weights = alarmLines(40, { scale: () => -1e24 });
    expect(weights.filter(isWarned)).toEqual([expect.stringContaining("gradient is past 1e24 at step 1")]);
    // Of a step of 2e27 each the tenth is the first that is looked at.
    const grown = alarmLines(12, { optimizer: tf.train.sgd(1e20), scale: () => -2e7 });
    expect(grown.filter(isWarned)).toEqual([expect.stringContaining("max |weight| is past 1e28 at step 10")]);
  });

  it("sees the loss", () => {
    expect(alarmLines(1, { scale: () => -1e24, isZero: false })).toEqual([
      expect.stringContaining("the loss is past 1e24 at step 1"),
    ]);
  });

  it("sees the square of a gradient where the optimizer keeps one", () => {
    const scale = () => 1e13;
    expect(alarmLines(3, { scale })).toEqual([]);
    expect(alarmLines(3, { scale, optimizer: tf.train.adam(0) })).toEqual([
      expect.stringContaining("the squared gradient is past 1e26 at step 1"),
    ]);
  });
});
