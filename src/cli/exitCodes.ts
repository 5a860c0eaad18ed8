/** The exit codes of a command. */
export const EXIT = {
  /** Holds, reproduced, nothing found. */
  ok: 0,
  /** Violated, diverged, failures found. */
  violated: 1,
  /** Bad usage or unreadable input. */
  usage: 2,
  /** Flaky, or confirmed by nothing else. */
  inconclusive: 3,
  /** Our own bug. */
  internal: 70,
} as const;

/** Exit codes of a process that ended on a signal. */
export const SIGNAL_EXIT = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 } as const;

/** 128 + SIGPIPE: whoever reads stdout has gone. */
export const SIGPIPE_EXIT = SIGNAL_EXIT.SIGPIPE;
