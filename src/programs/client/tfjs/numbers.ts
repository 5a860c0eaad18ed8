import type { Dtype } from "../../../documents/safetensors.ts";
import { engine } from "./engine.ts";
import type { Tensor } from "./types.ts";

/** The kinds of typed array that state and batches are made of. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Uint32Array;

/** The kinds of number in files, by the names of tensorflow.js. */
const FILE_DTYPES: Readonly<Record<string, Dtype>> = { float32: "F32", int32: "I32", bool: "BOOL" };

/** A tensor's kind of number as files name it, or null where they cannot hold it. */
export function fileDtype(tensor: Tensor): Dtype | null {
  return FILE_DTYPES[tensor.dtype] ?? null;
}

/** A copy of a tensor's numbers. */
export function copyNumbers(tensor: Tensor): Numbers {
  return (view(tensor) as Numbers).slice() as Numbers;
}

/**
 * A tensor's numbers, not copied where the backend allows it: read them at once, for the next computation may move them.
 */
export function view(tensor: Tensor): ArrayLike<number> {
  const backend = engine().state.tensorInfo.get(tensor.dataId)?.backend;
  if (backend?.typedArrayFromHeap && tensor.dtype !== "string" && tensor.dtype !== "complex64")
    return backend.typedArrayFromHeap(tensor);
  return tensor.dataSync() as ArrayLike<number>;
}

/** The typed arrays for each kind of number that files hold. */
const ARRAYS: Partial<Record<Dtype, new (buffer: ArrayBuffer) => Numbers>> = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** The bytes of a file's tensor as numbers, copied, or null where JavaScript has no such array. */
export function numbersOf(dtype: Dtype, bytes: Uint8Array): Numbers | null {
  const Kind = ARRAYS[dtype];
  return Kind === undefined ? null : new Kind(new Uint8Array(bytes).buffer);
}

/** The bytes of an array, not copied. */
export function bytesOf(numbers: Numbers): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** The kind of number in a typed array as files name it, or null where they cannot hold it. */
export function arrayDtype(array: unknown): Dtype | null {
  for (const [dtype, Kind] of Object.entries(ARRAYS)) if (array instanceof Kind) return dtype as Dtype;
  return null;
}

/** Makes a tensor, which outlives every tidy. */
export function makeTensor(numbers: Numbers, shape: number[], dtype: Dtype): Tensor {
  const name = Object.keys(FILE_DTYPES).find((name) => FILE_DTYPES[name] === dtype) ?? "float32";
  return engine().keep(engine().makeTensor(numbers, shape, name));
}
