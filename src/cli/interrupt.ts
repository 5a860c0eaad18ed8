import { SIGNAL_EXIT } from "./exitCodes.ts";

/** Lets a command end in good order on Ctrl-C; a second one ends it at once. */
export interface Interrupt {
  signal: AbortSignal;
  /** The exit code that the signal asks for. */
  exitCode(): number;
  /** Gives the signals back to Node. */
  release(): void;
}

/** Takes over SIGINT and SIGTERM until released. `again` is what the second signal does: by default it ends the process. */
export function onInterrupt(again?: () => void): Interrupt {
  const controller = new AbortController();
  let code: number = SIGNAL_EXIT.SIGINT;
  const handle = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      code = SIGNAL_EXIT[name as keyof typeof SIGNAL_EXIT];
      controller.abort();
    } else if (again) again();
    else process.exit(code);
  };
  const names = Object.keys(SIGNAL_EXIT) as (keyof typeof SIGNAL_EXIT)[];
  for (const name of names) process.on(name, handle);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      for (const name of names) process.off(name, handle);
    },
  };
}
