import { describe, expect, test } from "vitest";
import type { Activation } from "../../cases/schema.ts";
import type { LayerParameters } from "../../cases/state.ts";
import { tfjsEngine } from "../tfjs/engine.ts";
import { oneUnit, opened } from "../tfjs/testing/smallCase.ts";
import { explorerEngine } from "./engine.ts";

const engines = [explorerEngine(), await tfjsEngine("cpu")] as const;

/** True for each finite gradient of the four gates i, j, f, o: by the input, by the fed-back hidden unit, and the bias. */
interface Reached {
  input: boolean[];
  hidden: boolean[];
  bias: boolean[];
}

/**
 * One unit on three rows: two that end after `length` timesteps, and a longer one. The second's inputs differ in its discarded
 * steps, so that each of them is computed: 0 but in the last, where the input is infinite. The first's are all 0.
 */
function reached(activation: Activation, length: number, weights: number[]): Reached[] {
  const time = length + 2;
  const row = Array.from({ length: time }, (_, t): [number | "Infinity"] => [
    t < length ? 1 : t < time - 1 ? 0 : "Infinity",
  ]);
  const small = opened(
    oneUnit({
      activation,
      kernel: [weights, [0.5, 0.5, 0.5, 0.5]],
      bias: [0.1, 0.1, 0.1, 0.1],
      x: [row.map((_, t): [number] => [t < length ? 1 : 0]), row, row.map((): [number] => [1])],
      lengths: [length, length, time],
    }),
  );
  return engines.map((engine) => {
    const run = engine.start(small.case, small.state);
    const { kernel, bias } = run.gradients(small.batch)[0] as LayerParameters;
    run.dispose();
    const finite = (values: Float32Array) => Array.from(values, Number.isFinite);
    return { input: finite(kernel.slice(0, 4)), hidden: finite(kernel.slice(4)), bias: finite(bias) };
  });
}

describe("a row's discarded steps, of which the last overflows, as in tfjs-cpu", () => {
  test("an earlier one adds to the gradient of the hidden state: it does not write over the NaN that the last has left", () => {
    // Gates open, the candidate infinite: in the last step 0 * Infinity is NaN in the gradients of i and o, and of no other.
    const [ours, theirs] = reached("relu", 1, [1, 1, 1, 1]);
    expect(ours).toEqual(theirs);
    // By way of the hidden state it reaches j and f in the row's own step.
    expect(ours?.bias).toEqual([false, false, false, false]);
    // Without a step of its own there is nothing that it could reach, and j and f stay finite.
    const [empty, emptyInTfjs] = reached("relu", 0, [1, 1, 1, 1]);
    expect(empty).toEqual(emptyInTfjs);
    expect(empty?.bias).toEqual([false, true, true, false]);
  });

  test("nothing comes to an earlier one from the last: its cell and its hidden state are thrown away", () => {
    // The forget gate is NaN (Infinity * 0), and with it what goes on to the cell; of the gradients in the last step j's is 0.
    const [ours, theirs] = reached("linear", 0, [1, 1, 0, 1]);
    expect(ours).toEqual(theirs);
    expect(ours?.bias).toEqual([false, true, false, false]);
    // A row with a step of its own gets it all there.
    const [longer, longerInTfjs] = reached("linear", 1, [1, 1, 0, 1]);
    expect(longer).toEqual(longerInTfjs);
    expect(longer?.bias).toEqual([false, false, false, false]);
  });
});
