import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { maskedCrc32c } from "../../../numerics/crc32c.ts";
import type { Alarmed } from "../../../warning/alarm.ts";
import { GAUGES, gauge, type StepRecord } from "../../stepRecord.ts";
import { ofLayers } from "../engines/gauges.ts";

/** A number that TensorBoard draws over the steps, under its tag. */
export type Scalar = readonly [tag: string, value: number];

/** The first record of an event file. */
export const FILE_VERSION = "brain.Event:2";

/** The scalars of a step for TensorBoard; NaN and infinities stay as they are. */
export function stepScalars(record: StepRecord): Scalar[] {
  return [
    ["loss", record.loss],
    ["cosine_distance", gauge(record, "cosineDistance")],
    ["regulariser", gauge(record, "regulariser")],
    ["gradient_norm", gauge(record, GAUGES.rawGradientNorm)],
    ...ofLayers(record, "maxCell").map((value, layer): Scalar => [`max_cell/layer_${layer}`, value]),
  ];
}

/** The scalars of an alarm of overflow for TensorBoard: 1 while it rings, else 0, and the step that it predicts. */
export function alarmScalars(alarmed: Alarmed | null): Scalar[] {
  const predicted = alarmed?.predicted ?? null;
  return [
    ["overflow_alarm", alarmed === null ? 0 : 1],
    ...(predicted === null ? [] : [["overflow_predicted_step", predicted] as const]),
  ];
}

/** The file's opening record, without which TensorBoard does not take it for an event file. */
export function versionRecord(wallTime: number): Uint8Array {
  return framed(event(wallTime).tag(3, WireType.LengthDelimited).string(FILE_VERSION).finish());
}

/**
 * A record of one step's scalars: an Event (tensorflow/core/util/event.proto) with a Summary
 * (tensorflow/core/framework/summary.proto) of simple values, as float32.
 * @param wallTime Seconds since 1970.
 */
export function scalarRecord(wallTime: number, step: number, scalars: readonly Scalar[]): Uint8Array {
  const summary = event(wallTime).tag(2, WireType.Varint).int64(step).tag(5, WireType.LengthDelimited).fork();
  for (const [tag, value] of scalars)
    summary
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .string(tag)
      .tag(2, WireType.Bit32)
      // A finite number past float32 cannot be written as one.
      .float(Math.fround(value))
      .join();
  return framed(summary.join().finish());
}

function event(wallTime: number): BinaryWriter {
  return new BinaryWriter().tag(1, WireType.Bit64).double(wallTime);
}

/**
 * A TFRecord (tensorflow/core/lib/io/record_writer.h): length as uint64, its masked CRC, the data, its masked
 * CRC; little-endian.
 */
function framed(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}
