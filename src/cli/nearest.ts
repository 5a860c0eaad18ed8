/** Mistakes in a name past which it is another name. */
const MAX_MISTAKES = 2;

/** The name that was meant, with at most two letters wrong, missing, too many or swapped; undefined where none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, mistakes: distance(typed, name) }))
    .filter(({ name, mistakes }) => mistakes <= Math.min(MAX_MISTAKES, name.length - 2));
  return near.sort((a, b) => a.mistakes - b.mistakes)[0]?.name;
}

/** Letters to change, add, take out or swap with their neighbour to make one text of the other. */
function distance(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same, swapped);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
