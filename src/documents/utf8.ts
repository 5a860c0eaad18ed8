/**
 * The lead bytes of a UTF-8 sequence, how long it is, and what its second byte may be
 * (RFC 3629, section 4). Third and fourth bytes are always 80..BF.
 */
const SEQUENCES = [
  { from: 0x00, to: 0x7f, length: 1, low: 0x00, high: 0x00 },
  { from: 0xc2, to: 0xdf, length: 2, low: 0x80, high: 0xbf },
  { from: 0xe0, to: 0xe0, length: 3, low: 0xa0, high: 0xbf },
  { from: 0xe1, to: 0xec, length: 3, low: 0x80, high: 0xbf },
  { from: 0xed, to: 0xed, length: 3, low: 0x80, high: 0x9f },
  { from: 0xee, to: 0xef, length: 3, low: 0x80, high: 0xbf },
  { from: 0xf0, to: 0xf0, length: 4, low: 0x90, high: 0xbf },
  { from: 0xf1, to: 0xf3, length: 4, low: 0x80, high: 0xbf },
  { from: 0xf4, to: 0xf4, length: 4, low: 0x80, high: 0x8f },
];

/** True where bytes begin as UTF-16 does, with its mark or with every other byte of the first four a 0. */
export function looksLikeUtf16(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  const isMark = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  return isMark || (a === 0 && c === 0 && b !== 0 && d !== 0) || (b === 0 && d === 0 && a !== 0 && c !== 0);
}

/** Offset of the first byte that begins no valid UTF-8 sequence; undefined where all bytes are valid. */
export function firstBadByte(bytes: Uint8Array): number | undefined {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return undefined;
}

/** Bytes of the valid sequence that starts at `at`; 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? -1;
  const form = SEQUENCES.find(({ from, to }) => lead >= from && lead <= to);
  if (!form) return 0;
  for (let k = 1; k < form.length; k++) {
    const byte = bytes[at + k] ?? -1;
    const low = k === 1 ? form.low : 0x80;
    const high = k === 1 ? form.high : 0xbf;
    if (byte < low || byte > high) return 0;
  }
  return form.length;
}
