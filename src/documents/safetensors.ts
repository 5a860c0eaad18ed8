/**
 * Tensors by name in one file, in the safetensors format: 8 bytes with the length of the header, the header as JSON,
 * and the tensors' bytes one after the other, little endian. https://github.com/huggingface/safetensors
 */

/** Bytes that one element takes. */
export const ELEMENT_BYTES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** A kind of number, as the format names it. */
export type Dtype = keyof typeof ELEMENT_BYTES;

/** One tensor: row-major, little endian. */
export interface StoredTensor {
  dtype: Dtype;
  shape: number[];
  bytes: Uint8Array;
}

/** Everything in one file. */
export interface TensorFile {
  tensors: Map<string, StoredTensor>;
  /** Texts by name, which the format keeps beside the tensors. */
  metadata: Record<string, string>;
}

/** The bytes of a file are no tensors, or the tensors to write are wrong. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}

/** Elements in a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** True for the name of a kind of number that the format knows. */
export function isDtype(name: unknown): name is Dtype {
  return typeof name === "string" && Object.hasOwn(ELEMENT_BYTES, name);
}
