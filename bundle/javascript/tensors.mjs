// Reads safetensors, and makes tensors and batches of what it has read.

const ARRAYS = {
  ...{ F64: Float64Array, F32: Float32Array, I32: Int32Array, U32: Uint32Array },
  ...{ I16: Int16Array, U16: Uint16Array, I8: Int8Array, U8: Uint8Array, BOOL: Uint8Array },
};
const DTYPES = { F32: "float32", I32: "int32", BOOL: "bool" };

/** The tensors of a file by name: dtype, shape and numbers. */
export function readTensors(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const { __metadata__: kinds = {}, ...header } = JSON.parse(bytes.subarray(8, 8 + length));
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const data = new Uint8Array(bytes.subarray(8 + length + from, 8 + length + to));
        return [name, { dtype, shape, kind: kinds[name], numbers: new ARRAYS[dtype](data.buffer) }];
      },
    ),
  );
}

/** A tensor that outlives every tidy. */
export function makeTensor({ numbers, shape, dtype }) {
  const engine = globalThis._tfengine;
  return engine.keep(engine.makeTensor(numbers, shape, DTYPES[dtype] ?? "float32"));
}

export function isTensor(value) {
  return (
    typeof value === "object" && value !== null && Array.isArray(value.shape) && value.dataId !== undefined
  );
}

/** The batch that the program gave, with the numbers of a file. What a file cannot hold stays as it was. */
export function batchLike(batch, found) {
  const walk = (value, path) => {
    const stored = found.get(path);
    if (stored !== undefined) {
      if (stored.kind === "number") return stored.numbers[0];
      return stored.kind === "array" ? stored.numbers : makeTensor(stored);
    }
    if (Array.isArray(value)) return value.map((part, i) => walk(part, `${path}/${i}`));
    const prototype = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
    if (prototype !== Object.prototype && prototype !== null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, walk(part, `${path}/${key}`)]),
    );
  };
  return batch.map((part, i) => walk(part, String(i)));
}
