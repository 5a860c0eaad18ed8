import { crc32 } from "node:zlib";
import type { NamedTensor } from "./tensors.ts";

/** 1980-01-01, the first day of a zip file's calendar: the same numbers are the same file. */
const FIRST_DAY = 0x0021;
/** Every header of an array is as long as a multiple of this, as numpy writes it. */
const ALIGNMENT = 64;

/** Tensors as numpy's .npz: a zip file of one .npy of float32 a tensor, not compressed. */
export function npzBytes(tensors: readonly NamedTensor[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const name = Buffer.from(`${tensor.name}.npy`);
    const contents = npyBytes(tensor);
    const entry = entryFields(contents, name.length);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), entry, name, contents]);
    directory.push(Buffer.concat([centralHeader(entry, offset), name]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(tensors.length, 8);
  end.writeUInt16LE(tensors.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** The fields that both headers of an entry share: version 2.0, stored, its time, checksum and sizes (PKWARE's APPNOTE, 4.3.7). */
function entryFields(contents: Buffer, nameLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(FIRST_DAY, 8);
  fields.writeUInt32LE(crc32(contents), 10);
  fields.writeUInt32LE(contents.length, 14);
  fields.writeUInt32LE(contents.length, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}

/** The head of an entry in the directory at the end (PKWARE's APPNOTE, 4.3.12). */
function centralHeader(entry: Buffer, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), entry, rest]);
}

/** One array as numpy's .npy, version 1.0: little-endian float32, row-major. */
function npyBytes({ shape, values }: NamedTensor): Buffer {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const before = 10;
  const padded = Math.ceil((before + head.length + 1) / ALIGNMENT) * ALIGNMENT - before;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded);
  const numbers = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => {
    numbers.writeFloatLE(value, 4 * at);
  });
  const magic = Buffer.from("\x93NUMPY\x01\x00", "latin1");
  return Buffer.concat([magic, length, Buffer.from(`${head.padEnd(padded - 1)}\n`), numbers]);
}
