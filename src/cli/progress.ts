/** The progress of a command, as the command itself gives it. */
export interface CommandProgress {
  /** The first words, never cut: `fixture 3/12`. */
  head: string;
  /** Further words that are worth a look. */
  tail?: string;
  /** The thing counted and how many of it are done; `total` is null where nobody knows how many there will be. */
  counted?: { what: string; done: number; total: number | null };
  /** Seconds that it goes on, where a clock says so: a command's budget. */
  seconds?: number;
}

/** The progress of a command, with what follows from the clock. */
export interface TimedProgress {
  head: string;
  tail: string;
  what: string | null;
  done: number | null;
  total: number | null;
  /** The part that is done, from 0 to 1; null where it is not known. */
  part: number | null;
  /** Seconds since it began. */
  seconds: number;
  /** Seconds that are left, by the pace so far or by the budget; null where that is not known. */
  secondsLeft: number | null;
}

/** The beginning of something: the count by then, and the time. */
export interface Beginning {
  done: number;
  at: number;
}

/** Seconds from which on a pace says something. */
const TELLING_SECONDS = 1;

/** Works out how much is left. */
export function timedProgress(
  { head, tail = "", counted, seconds: budget }: CommandProgress,
  { done: before, at }: Beginning,
  now: number,
): TimedProgress {
  const seconds = (now - at) / 1000;
  const { what = null, done = null, total = null } = counted ?? {};
  const known = { head, tail, what, done, total, seconds };
  if (budget !== undefined) {
    const part = Math.min(1, seconds / budget);
    return { ...known, part, secondsLeft: Math.max(0, budget - seconds) };
  }
  if (done === null || total === null) return { ...known, part: null, secondsLeft: null };
  const isTelling = seconds >= TELLING_SECONDS && done > before;
  const secondsLeft = isTelling ? (seconds * Math.max(0, total - done)) / (done - before) : null;
  return { ...known, part: total === 0 ? 1 : Math.min(1, done / total), secondsLeft };
}

/** A time that is left, in words; rounded up, so that it is never over before it ends. */
export function leftWords(secondsLeft: number): string {
  const seconds = Math.ceil(secondsLeft);
  if (seconds < 60) return `${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** Progress in one line of plain text, where no bar can be drawn. */
export function progressText({ head, tail, secondsLeft }: TimedProgress): string {
  const left = secondsLeft === null || secondsLeft === 0 ? "" : leftWords(secondsLeft);
  return [head, left, tail].filter((part) => part !== "").join("  ");
}
