import { type Dtype, ELEMENT_BYTES, type StoredTensor } from "../../../documents/safetensors.ts";
import { encodeFloat32 } from "../../../numerics/float32.ts";

/** A tensor's numbers, to read and to write. Integers of 64 bits are read as far as JavaScript holds them exactly. */
export interface Numbers {
  readonly length: number;
  at(index: number): number;
  /** The tensor with other numbers at some places; rounded to its kind of number. */
  with(changes: ReadonlyMap<number, number>): StoredTensor;
}

type Access = {
  get(view: DataView, at: number): number;
  set(view: DataView, at: number, value: number): void;
};

const ACCESS: Readonly<Record<Dtype, Access>> = {
  F64: { get: (v, at) => v.getFloat64(at, true), set: (v, at, x) => v.setFloat64(at, x, true) },
  F32: { get: (v, at) => v.getFloat32(at, true), set: (v, at, x) => v.setFloat32(at, x, true) },
  F16: {
    get: (v, at) => halfOf(v.getUint16(at, true)),
    set: (v, at, x) => v.setUint16(at, bitsOfHalf(x), true),
  },
  BF16: {
    get: (v, at) => floatOf(v.getUint16(at, true) * 65536),
    set: (v, at, x) => v.setUint16(at, bitsOfBfloat(x), true),
  },
  I64: {
    get: (v, at) => Number(v.getBigInt64(at, true)),
    set: (v, at, x) => v.setBigInt64(at, BigInt(Math.trunc(x)), true),
  },
  U64: {
    get: (v, at) => Number(v.getBigUint64(at, true)),
    set: (v, at, x) => v.setBigUint64(at, BigInt(Math.trunc(x)), true),
  },
  I32: { get: (v, at) => v.getInt32(at, true), set: (v, at, x) => v.setInt32(at, x, true) },
  U32: { get: (v, at) => v.getUint32(at, true), set: (v, at, x) => v.setUint32(at, x, true) },
  I16: { get: (v, at) => v.getInt16(at, true), set: (v, at, x) => v.setInt16(at, x, true) },
  U16: { get: (v, at) => v.getUint16(at, true), set: (v, at, x) => v.setUint16(at, x, true) },
  I8: { get: (v, at) => v.getInt8(at), set: (v, at, x) => v.setInt8(at, x) },
  U8: { get: (v, at) => v.getUint8(at), set: (v, at, x) => v.setUint8(at, x) },
  BOOL: { get: (v, at) => v.getUint8(at), set: (v, at, x) => v.setUint8(at, x === 0 ? 0 : 1) },
};

/** The numbers of a tensor. */
export function numbersOf(tensor: StoredTensor): Numbers {
  const { dtype, bytes } = tensor;
  const size = ELEMENT_BYTES[dtype];
  const access = ACCESS[dtype];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    length: bytes.length / size,
    at: (index) => access.get(view, index * size),
    with(changes) {
      const changed = Uint8Array.from(bytes);
      const changedView = new DataView(changed.buffer);
      for (const [index, value] of changes) access.set(changedView, index * size, value);
      return { ...tensor, bytes: changed };
    },
  };
}

/** True of a kind of number that has fractions. */
export function isFloat(dtype: Dtype): boolean {
  return dtype.startsWith("F") || dtype === "BF16";
}

/** The plainness of a tensor: numbers that are not 0, and what it takes to write them. */
export interface Plainness {
  numbers: number;
  nonZero: number;
  /** Digits of all numbers that are not 0, and their powers of ten as far as they count. */
  digits: number;
}

const known = new WeakMap<StoredTensor, Plainness>();

/** The plainness of a tensor; reckoned once for each. */
export function plainness(tensor: StoredTensor): Plainness {
  const before = known.get(tensor);
  if (before !== undefined) return before;
  const numbers = numbersOf(tensor);
  let [nonZero, digits] = [0, 0];
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers.at(i);
    if (value === 0) continue;
    nonZero += 1;
    digits += digitsOf(value);
  }
  const found = { numbers: numbers.length, nonZero, digits };
  known.set(tensor, found);
  return found;
}

/** The cost of writing a number: its digits above all, then its power of ten, then its sign. */
export function digitsOf(value: number): number {
  if (!Number.isFinite(value)) return 1000;
  const short = encodeFloat32(value);
  const shown = Math.abs(typeof short === "number" && short !== 0 ? short : value).toExponential();
  const [mantissa = "", exponent = "0"] = shown.split("e");
  return (
    1000 * (mantissa.length - (mantissa.includes(".") ? 1 : 0)) +
    2 * Math.abs(Number(exponent)) +
    (value < 0 ? 1 : 0)
  );
}

const scratch = new DataView(new ArrayBuffer(4));

function floatOf(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

function bitsOfBfloat(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  if (Number.isNaN(value)) return 0x7fc0;
  // To the nearest, ties to even.
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function bitsOfHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(exponentOf(magnitude)));
  const units = roundToEven(magnitude / 2 ** (exponent - 10));
  // A carry into the next power of two is a carry into the exponent's bits.
  return units < 1024 ? sign | units : sign | ((exponent + 15) * 1024 + (units - 1024));
}

/** The power of two at or below a number. */
function exponentOf(value: number): number {
  if (value === 0) return -14;
  let exponent = 0;
  while (2 ** (exponent + 1) <= value) exponent += 1;
  while (2 ** exponent > value) exponent -= 1;
  return exponent;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 === 1)) return floor + 1;
  return floor;
}
