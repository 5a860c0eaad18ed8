import { SafetensorsError, type StoredTensor, type TensorFile } from "./safetensors.ts";
import { HEADER_LIMIT, parseHeader } from "./safetensorsHeader.ts";

/**
 * Reads tensors from the bytes of a file. Their bytes are views of those given.
 * @throws SafetensorsError when a byte is not where the format has it.
 */
export function readSafetensors(given: Uint8Array): TensorFile {
  // A Buffer's slices are views of the Buffer, a Uint8Array's are not: what is given away is the latter.
  const file = new Uint8Array(given.buffer, given.byteOffset, given.length);
  if (file.length < 8)
    throw new SafetensorsError(`${file.length} bytes are too few: the first 8 are a length`);
  const length = new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(HEADER_LIMIT))
    throw new SafetensorsError(`the header's length is ${length}: at most ${HEADER_LIMIT} bytes are read`);
  const begin = 8 + Number(length);
  if (begin > file.length)
    throw new SafetensorsError(`the header's length is ${length}, and ${file.length - 8} bytes follow it`);
  const data = file.subarray(begin);
  const { entries, metadata } = parseHeader(decode(file.subarray(8, begin)), data.length);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end } of entries)
    tensors.set(name, { dtype, shape, bytes: data.subarray(begin, end) });
  return { tensors, metadata };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SafetensorsError("the header is no UTF-8");
  }
}
