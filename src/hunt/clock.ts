/** The time that a hunt goes by, so that a test can have one of its own. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /** Acts once, so many milliseconds from now. @returns A function that calls it off. */
  after(ms: number, act: () => void): () => void;
  /** Acts again and again, so many milliseconds apart. @returns A function that ends that. */
  every(ms: number, act: () => void): () => void;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, act) => {
    const timer = setInterval(act, ms);
    return () => clearInterval(timer);
  },
};
