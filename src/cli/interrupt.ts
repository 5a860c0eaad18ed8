import { SIGNAL_EXIT, SIGPIPE_EXIT } from "./exitCodes.ts";
import { hasLeft } from "./outputs.ts";

/** Lets a command end in good order on Ctrl-C, or when the reader of stdout leaves; a second Ctrl-C ends it at once. */
export interface Interrupt {
  signal: AbortSignal;
  /** The exit code that the signal asks for: {@link SIGPIPE_EXIT} where it was the reader. */
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
  const leave = (error: NodeJS.ErrnoException) => {
    if (controller.signal.aborted || !hasLeft(process.stdout, error)) return;
    code = SIGPIPE_EXIT;
    controller.abort();
  };
  process.stdout.on("error", leave);
  const names = Object.keys(SIGNAL_EXIT) as (keyof typeof SIGNAL_EXIT)[];
  for (const name of names) process.on(name, handle);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      process.stdout.off("error", leave);
      for (const name of names) process.off(name, handle);
    },
  };
}
