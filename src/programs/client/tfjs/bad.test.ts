import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { badOf } from "./bad.ts";
import { largestDifference } from "./look.ts";

beforeAll(() => tf.setBackend("cpu"));

const matrix = () =>
  tf.tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);

describe("the first number of an operation that is not finite", () => {
  it("is told with its place and the operands that made it", () => {
    const x = tf.tensor1d([1, -2]);
    const found = badOf("Log", [x], [tf.log(x)]);
    expect(found).toEqual({ output: 0, index: [1], value: Number.NaN, operands: [-2] });
  });

  it("has operands that were stretched to the shape of the output", () => {
    const row = tf.tensor1d([1, 0, 1]);
    const column = tf.tensor2d([[1], [0]]);
    expect(badOf("RealDiv", [matrix(), row], [tf.div(matrix(), row)])).toMatchObject({
      index: [0, 1],
      operands: [2, 0],
    });
    expect(badOf("RealDiv", [matrix(), column], [tf.div(matrix(), column)])).toMatchObject({
      index: [1, 0],
      operands: [4, 0],
    });
  });

  it("has none of an operation that does not work number by number", () => {
    const x = tf.tensor2d([
      [Number.NaN, 1],
      [1, 1],
    ]);
    expect(badOf("BatchMatMul", [x, x], [tf.matMul(x, x)])).toMatchObject({ index: [0, 0], operands: null });
  });

  it("has none where one of the inputs is of a shape that is not stretched so", () => {
    const chosen = tf.tensor1d([true, false], "bool");
    const out = tf.tensor2d([
      [1, 2, Number.NaN],
      [4, 5, 6],
    ]);
    expect(badOf("Select", [chosen, out, matrix()], [out])).toMatchObject({ index: [0, 2], operands: null });
  });

  it("is none where all are finite, or whole", () => {
    expect(badOf("Add", [matrix()], [matrix(), tf.tensor1d([1, 2], "int32")])).toBeNull();
  });
});

describe("the largest difference of two arrays", () => {
  it.each([
    ["the same", [1, 2], [1, 2], 0],
    ["smaller in one entry", [1, 5, 2], [1, 2, 1], 3],
    ["larger in the last", [1, 5], [1, 7], 2],
    ["not finite in one", [1, Number.NaN], [1, 2], Number.NaN],
    ["infinite alike", [Number.POSITIVE_INFINITY, 9], [Number.POSITIVE_INFINITY, 1], Number.NaN],
    ["empty", [], [], 0],
  ])("%s", (_, a, b, expected) => {
    expect(largestDifference(a, b)).toBe(expected);
  });
});
