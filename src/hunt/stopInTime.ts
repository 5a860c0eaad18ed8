import type { Clock } from "./clock.ts";
import type { Ledger } from "./run/ledger.ts";
import type { HuntTask } from "./run/tasks.ts";
import type { Workers } from "./run/workers/workers.ts";

/** When the time is up, cases under way may still end within this. */
const GRACE_MS = 2000;
/** Milliseconds for which an interrupted hunt that nobody can go on from captures the deaths that it has seen. */
const LAST_CAPTURES_MS = 1200;

/** The deadline and the signal that stop a hunt. */
export interface Stops {
  clock: Clock;
  /** On the clock; null where the hunt is not timed. */
  deadline: number | null;
  signal: AbortSignal | undefined;
  /** True where a later hunt can go on from here. */
  goesOn: boolean;
}

/**
 * Stops the search at its deadline or on a signal; returns a function that releases timers and listeners. At the deadline the
 * deaths seen are still made small. On a signal they are left to the hunt that goes on from here, or where none can,
 * captured as they are, as far as that is quickly done.
 */
export function stopInTime(
  workers: Workers<HuntTask>,
  ledger: Ledger,
  { clock, deadline, signal, goesOn }: Stops,
): () => void {
  const calledOff: (() => void)[] = [];
  const later = (ms: number, act: () => void) => calledOff.push(clock.after(ms, act));
  const onDeadline = () => {
    ledger.stop("as-asked");
    later(GRACE_MS, () => workers.abandon(({ kind }) => kind === "run"));
  };
  const onSignal = () => {
    ledger.stop(goesOn ? "none" : "unshrunk");
    if (goesOn) return workers.close();
    workers.abandon(() => true);
    later(LAST_CAPTURES_MS, () => workers.close());
  };
  if (deadline !== null) later(Math.max(0, deadline - clock.now()), onDeadline);
  if (signal?.aborted) onSignal();
  signal?.addEventListener("abort", onSignal, { once: true });
  return () => {
    for (const callOff of calledOff) callOff();
    signal?.removeEventListener("abort", onSignal);
  };
}
