/**
 * The numbers that are not 0, each moved by one ulp: away from 0 and towards it in turn, from `first` on. A 0 stays:
 * one less than its bits are those of a NaN.
 */
export function nudge(values: Float32Array, first: "away" | "towards"): Float32Array {
  const moved = values.slice();
  const bits = new Int32Array(moved.buffer);
  const parity = first === "away" ? 0 : 1;
  for (let i = 0; i < bits.length; i++)
    if (moved[i] !== 0) bits[i] = (bits[i] as number) + (i % 2 === parity ? 1 : -1);
  return moved;
}
