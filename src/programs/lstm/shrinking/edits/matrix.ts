/** 0 to count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Some rows and columns of a matrix [rows, width], row-major, in the order given. */
export function submatrix(
  values: Float32Array,
  width: number,
  rows: readonly number[],
  columns: readonly number[],
): Float32Array {
  const picked = new Float32Array(rows.length * columns.length);
  let next = 0;
  for (const row of rows) for (const column of columns) picked[next++] = values[row * width + column] ?? 0;
  return picked;
}
