import { readSync } from "node:fs";

/** Bytes that are read at a time. */
const BLOCK = 64 * 1024;
const LINE_BREAK = 0x0a;

/** Finds where the last line of a file begins that has no line break after it; the file's size where every line has one. */
export function tornFrom(descriptor: number, size: number): number {
  const block = Buffer.alloc(BLOCK);
  for (let end = size; end > 0; end -= Math.min(end, BLOCK)) {
    const start = Math.max(0, end - BLOCK);
    const read = readSync(descriptor, block, 0, end - start, start);
    const at = block.subarray(0, read).lastIndexOf(LINE_BREAK);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}
