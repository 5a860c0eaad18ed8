import { BinaryReader } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { maskedCrc32c } from "../../../numerics/crc32c.ts";
import { plainRecord } from "../engines/testing/plainRecord.ts";
import {
  alarmScalars,
  FILE_VERSION,
  type Scalar,
  scalarRecord,
  stepScalars,
  versionRecord,
} from "./tensorboard.ts";

/** The data of a TFRecord whose length and both CRCs are right. */
function unframed(record: Uint8Array): Uint8Array {
  const view = new DataView(record.buffer, record.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  expect(record.length).toBe(length + 16);
  expect(view.getUint32(8, true)).toBe(maskedCrc32c(record.subarray(0, 8)));
  expect(view.getUint32(12 + length, true)).toBe(maskedCrc32c(record.subarray(12, 12 + length)));
  return record.subarray(12, 12 + length);
}

/** Tag and value out of a Summary. */
function scalarsOf(summary: Uint8Array): Scalar[] {
  const reader = new BinaryReader(summary);
  const scalars: Scalar[] = [];
  while (reader.pos < reader.len) {
    reader.tag();
    const value = new BinaryReader(reader.bytes());
    value.tag();
    const name = value.string();
    value.tag();
    scalars.push([name, value.float()]);
  }
  return scalars;
}

test("a file starts with the version that TensorBoard asks for", () => {
  const reader = new BinaryReader(unframed(versionRecord(1.5)));
  expect([reader.tag()[0], reader.double()]).toEqual([1, 1.5]);
  expect([reader.tag()[0], reader.string()]).toEqual([3, FILE_VERSION]);
});

test("a step's record holds time, step and every scalar as float32, NaN and infinities too", () => {
  const scalars: Scalar[] = [
    ["loss", 0.1],
    ["gradient_norm", Number.NaN],
    ["max_cell/layer_0", Number.NEGATIVE_INFINITY],
  ];
  const reader = new BinaryReader(unframed(scalarRecord(1764000000.25, 5_000_000_000, scalars)));
  expect([reader.tag()[0], reader.double()]).toEqual([1, 1764000000.25]);
  expect([reader.tag()[0], Number(reader.int64())]).toEqual([2, 5_000_000_000]);
  expect(reader.tag()[0]).toBe(5);
  expect(scalarsOf(reader.bytes())).toEqual(scalars.map(([tag, value]) => [tag, Math.fround(value)]));
});

test("a step is told by loss, its parts, gradient norm and the largest cell of each layer", () => {
  const layer = (maxCell: number) => ({ maxCell, maxHidden: 7, gradientNorm: 8, maxWeight: 9 });
  const record = plainRecord(1, {
    loss: 1,
    cosineDistance: 0.75,
    regulariser: 0.25,
    rawGradientNorm: 2,
    layers: [layer(4), layer(5)],
  });
  expect(stepScalars(record)).toEqual([
    ["loss", 1],
    ["cosine_distance", 0.75],
    ["regulariser", 0.25],
    ["gradient_norm", 2],
    ["max_cell/layer_0", 4],
    ["max_cell/layer_1", 5],
  ]);
});

test("an alarm is drawn as a switch, and the step that it predicts while it predicts one", () => {
  const alarmed = { step: 5, gauge: "max |cell|", level: 25, predicted: 40 };
  expect(alarmScalars(null)).toEqual([["overflow_alarm", 0]]);
  expect(alarmScalars(alarmed)).toEqual([
    ["overflow_alarm", 1],
    ["overflow_predicted_step", 40],
  ]);
  expect(alarmScalars({ ...alarmed, predicted: null })).toEqual([["overflow_alarm", 1]]);
});
