import { test as property } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSafetensors } from "./readSafetensors.ts";
import { type Dtype, ELEMENT_BYTES, SafetensorsError, type StoredTensor, sizeOf } from "./safetensors.ts";
import { writeSafetensors } from "./writeSafetensors.ts";

const dtypes = Object.keys(ELEMENT_BYTES) as Dtype[];
const tensor: fc.Arbitrary<StoredTensor> = fc
  .record({ dtype: fc.constantFrom(...dtypes), shape: fc.array(fc.nat(4), { maxLength: 3 }) })
  .chain(({ dtype, shape }) => {
    const length = sizeOf(shape) * ELEMENT_BYTES[dtype];
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => ({ dtype, shape, bytes }));
  });
const name = fc
  .string({ minLength: 1 })
  .filter((name) => name !== "__metadata__" && !/^\d+$|^__proto__$/.test(name));
const tensorFile = fc.record({
  tensors: fc
    .uniqueArray(fc.tuple(name, tensor), { selector: ([name]) => name, maxLength: 5 })
    .map((all) => new Map(all)),
  metadata: fc.dictionary(name, fc.string()),
});

function withHeader(header: unknown, data = new Uint8Array(0), length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

describe("safetensors", () => {
  property.prop([tensorFile], { seed: 18 })("come back as they were written", (file) => {
    const read = readSafetensors(writeSafetensors(file));
    expect(
      [...read.tensors].map(([name, { dtype, shape, bytes }]) => [name, dtype, shape, [...bytes]]).sort(),
    ).toEqual(
      [...file.tensors].map(([name, { dtype, shape, bytes }]) => [name, dtype, shape, [...bytes]]).sort(),
    );
    expect(read.metadata).toEqual({ ...file.metadata });
  });

  property.prop(
    [tensorFile, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat()],
    {
      seed: 18,
      numRuns: 500,
    },
  )("that are damaged are refused or read, and never anything else", (file, edits, cut) => {
    const bytes = writeSafetensors(file);
    for (const [at, value] of edits) bytes[at % bytes.length] = value;
    const part = bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length);
    try {
      for (const { dtype, shape, bytes } of readSafetensors(part).tensors.values())
        expect(bytes.length).toBe(sizeOf(shape) * ELEMENT_BYTES[dtype]);
    } catch (error) {
      expect(error).toBeInstanceOf(SafetensorsError);
    }
  });

  property.prop([fc.uint8Array({ maxLength: 64 })], { seed: 18 })(
    "are refused where bytes are random",
    (bytes) => {
      expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
    },
  );

  const f32 = (shape: unknown, data_offsets: unknown, dtype: unknown = "F32") => ({
    dtype,
    shape,
    data_offsets,
  });
  it.each<[string, unknown, number, RegExp, bigint?]>([
    ["a length past the end", {}, 0, /length is 9999/, 9999n],
    ["a length past 100 MB", {}, 0, /at most 100000000/, 2n ** 63n],
    ["no JSON", "{", 0, /no JSON/],
    ["a list", [], 0, /no object/],
    ["an unknown dtype", { a: f32([1], [0, 4], "F31") }, 4, /unknown dtype "F31"/],
    ["a dtype of Object's", { a: f32([1], [0, 4], "constructor") }, 4, /unknown dtype/],
    ["a negative length", { a: f32([-1], [0, 4]) }, 4, /no shape/],
    ["a shape of its own size", { a: f32([2], [0, 4]) }, 4, /not F32 of \[2\]/],
    ["a shape past all memory", { a: f32([2 ** 52, 2 ** 52], [0, 4]) }, 4, /not F32/],
    ["offsets that go backwards", { a: f32([1], [4, 0]) }, 4, /takes -4 bytes/],
    ["a gap", { a: f32([1], [0, 4]), b: f32([1], [8, 12]) }, 12, /begins at byte 8, not at 4/],
    ["an overlap", { a: f32([1], [0, 4]), b: f32([1], [0, 4]) }, 8, /begins at byte 0, not at 4/],
    ["bytes left over", { a: f32([1], [0, 4]) }, 8, /take 4 bytes, and 8/],
    ["bytes that are missing", { a: f32([2], [0, 8]) }, 4, /take 8 bytes, and 4/],
    ["metadata that is no text", { __metadata__: { a: 1 } }, 0, /is no string/],
  ])("with %s are refused", (_, header, size, message, length) => {
    expect(() => readSafetensors(withHeader(header, new Uint8Array(size), length))).toThrow(message);
  });

  it("write nothing that does not fit", () => {
    const tensors = new Map([["a", { dtype: "F32", shape: [2], bytes: new Uint8Array(4) } as const]]);
    expect(() => writeSafetensors({ tensors: new Map(tensors) as never, metadata: {} })).toThrow(/4 bytes/);
  });
});
