import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { readSafetensors } from "../../documents/readSafetensors.ts";
import { writeSafetensors } from "../../documents/writeSafetensors.ts";
import { holdBatch, releaseBatch } from "./batch.ts";
import { batchFile, batchFrom } from "./batchFile.ts";

beforeAll(() => tf.setBackend("cpu"));

const batch = () => [
  tf.tensor2d([[1, Number.NaN]]),
  {
    lengths: [3, 0.5],
    mask: Int32Array.of(1, 0),
    name: "a",
    deep: { on: tf.tensor1d([true, false], "bool") },
  },
  null,
];

function throughFile(given: readonly unknown[], like: readonly unknown[] = given): unknown[] {
  return batchFrom(readSafetensors(writeSafetensors(batchFile(given))), like);
}

describe("a batch in a file", () => {
  it("has its leaves by path, and says what is not in it", () => {
    const { tensors, metadata } = batchFile(batch());
    expect([...tensors].map(([path, { dtype, shape }]) => [path, dtype, shape])).toEqual([
      ["0", "F32", [1, 2]],
      ["1/lengths/0", "F64", []],
      ["1/lengths/1", "F64", []],
      ["1/mask", "I32", [2]],
      ["1/deep/on", "BOOL", [2]],
    ]);
    expect(metadata).toMatchObject({ "0": "tensor", "1/lengths/0": "number", "1/mask": "array" });
    expect(JSON.parse(metadata.kept ?? "")).toEqual(["1/name", "2"]);
  });

  it("comes back as it was, with what is kept from the program's own", () => {
    const [x, record, nothing] = throughFile(batch(), [
      tf.zeros([1, 2]),
      { ...(batch()[1] as object), name: "own" },
      null,
    ]);
    expect([...(x as tf.Tensor).dataSync()]).toEqual([1, Number.NaN]);
    expect(record).toMatchObject({ lengths: [3, 0.5], mask: Int32Array.of(1, 0), name: "own" });
    expect([...(record as { deep: { on: tf.Tensor } }).deep.on.dataSync()]).toEqual([1, 0]);
    expect(nothing).toBe(null);
  });

  it("may have become smaller", () => {
    const [x] = throughFile([tf.ones([1, 2])], [tf.ones([4, 7])]);
    expect((x as tf.Tensor).shape).toEqual([1, 2]);
  });

  it.each<[string, unknown[], RegExp]>([
    ["another path", [{ a: 1 }], /part 0\/a of the batch does not fit/],
    ["another kind", [1], /number in the program and tensor in the file/],
    ["another dtype", [tf.tensor1d([1], "int32")], /I32 in the program and F32 in the file/],
    ["another number of axes", [tf.ones([1])], /\[1\] in the program and \[1,2\] in the file/],
  ])("is refused where the program's has %s", (_, like, message) => {
    expect(() => throughFile([tf.ones([1, 2])], like)).toThrow(message);
  });

  it("that is held stays, whatever becomes of the person's", () => {
    const given = batch();
    const held = holdBatch(given);
    (given[0] as tf.Tensor).dispose();
    (given[1] as { mask: Int32Array }).mask[0] = 9;
    const { tensors } = batchFile(held);
    expect([...(tensors.get("1/mask")?.bytes ?? [])]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(tensors.get("0")?.shape).toEqual([1, 2]);
    releaseBatch(held);
    expect((held[0] as tf.Tensor).isDisposed).toBe(true);
  });
});
