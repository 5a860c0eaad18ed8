import { ELEMENT_BYTES, SafetensorsError, sizeOf, type TensorFile } from "./safetensors.ts";

/**
 * The bytes of a file with these tensors, in the order of the map: the same tensors are the same bytes.
 * @throws SafetensorsError when a tensor's bytes do not fit its shape.
 */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let at = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    const expected = sizeOf(shape) * ELEMENT_BYTES[dtype];
    if (bytes.length !== expected)
      throw new SafetensorsError(
        `tensor ${name} has ${bytes.length} bytes, and its shape asks for ${expected}`,
      );
    header[name] = { dtype, shape, data_offsets: [at, at + expected] };
    at += expected;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // The tensors begin at a multiple of 8, so that readers can map them; blanks are part of the header.
  const length = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + length + at).fill(0x20, 8, 8 + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(text, 8);
  let to = 8 + length;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, to);
    to += bytes.length;
  }
  return file;
}
