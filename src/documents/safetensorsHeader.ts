import { type Dtype, ELEMENT_BYTES, isDtype, SafetensorsError, sizeOf } from "./safetensors.ts";

/** The longest header that is read, in bytes. The format's own limit. */
export const HEADER_LIMIT = 100_000_000;

/** The place of one tensor among the bytes behind the header. */
interface Entry {
  name: string;
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

/** The contents of a header, checked against the number of bytes that follow it. */
export interface Header {
  entries: Entry[];
  metadata: Record<string, string>;
}

/**
 * Reads and checks a header. Nothing is allocated by what it claims: every length is held against the bytes that are there.
 * @param text The header.
 * @param available Bytes behind it.
 * @throws SafetensorsError when it is no header, or when tensors overlap, leave gaps, or reach past the end.
 */
export function parseHeader(text: string, available: number): Header {
  const json = parseObject(text);
  const metadata = metadataOf(json.__metadata__);
  const entries = Object.entries(json)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => entryOf(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at)
      throw new SafetensorsError(`tensor ${show(name)} begins at byte ${begin}, not at ${at}`);
    at = end;
  }
  if (at !== available)
    throw new SafetensorsError(`the tensors take ${at} bytes, and ${available} bytes follow the header`);
  return { entries, metadata };
}

function parseObject(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new SafetensorsError(`the header is no JSON: ${(error as Error).message}`);
  }
  return record(json, "the header");
}

function metadataOf(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const found = record(value, "__metadata__");
  for (const [name, text] of Object.entries(found))
    if (typeof text !== "string") throw new SafetensorsError(`__metadata__ ${show(name)} is no string`);
  return found as Record<string, string>;
}

function entryOf(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = record(value, `tensor ${show(name)}`);
  if (!isDtype(dtype))
    throw new SafetensorsError(`tensor ${show(name)} has the unknown dtype ${show(dtype)}`);
  if (!isLengths(shape)) throw new SafetensorsError(`tensor ${show(name)} has no shape: ${show(shape)}`);
  if (!isLengths(offsets) || offsets.length !== 2)
    throw new SafetensorsError(`tensor ${show(name)} has no data_offsets: ${show(offsets)}`);
  const [begin, end] = offsets as [number, number];
  // Past 2^53 a product of lengths is not exact, but then it is far from the bytes that are there too.
  if (end - begin !== sizeOf(shape) * ELEMENT_BYTES[dtype])
    throw new SafetensorsError(
      `tensor ${show(name)} takes ${end - begin} bytes, which is not ${dtype} of ${show(shape)}`,
    );
  return { name, dtype, shape, begin, end };
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new SafetensorsError(`${what} is no object: ${show(value)}`);
}

function isLengths(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
