import type { StopSignal } from "../programs/run.ts";

/** Says stop when so many seconds are over from now on. */
export function timeUp(seconds: number): StopSignal {
  const end = performance.now() + 1000 * seconds;
  return {
    get aborted() {
      return performance.now() >= end;
    },
  };
}
