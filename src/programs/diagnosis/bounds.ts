/** The longest text that is taken over from a trace. */
const LONGEST = 500;

/** The most axes that an index is taken over of. */
const MOST_AXES = 32;

/** A text of a trace as it may be shown and stored: bounded, of one line, without control characters. */
export function textOf(text: unknown): string | null {
  if (typeof text !== "string" || text === "") return null;
  const plain = text.slice(0, LONGEST).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, " ");
  return text.length > LONGEST ? `${plain}...` : plain;
}

/** A count from 0 on; null for what is none. */
export function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A line's number, from 1 on; null for what is none. */
export function lineIn(value: unknown): number | null {
  const count = countOf(value);
  return count === 0 ? null : count;
}

/** An index into a tensor; null for what is none. */
export function placesOf(index: unknown): number[] | null {
  if (!Array.isArray(index) || index.length > MOST_AXES) return null;
  const places = index.map(countOf);
  return places.every((place) => place !== null) ? places : null;
}
