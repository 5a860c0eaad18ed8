import { SIGNAL_EXIT } from "./exitCodes.ts";
import { type FromCommand, mainThread, type StopMessage } from "./messages.ts";

/**
 * Lets a command end in good order on Ctrl-C, or when the reader of stdout leaves. One that takes too long over Ctrl-C is
 * ended by the main thread.
 */
export interface Interrupt {
  signal: AbortSignal;
  /** The exit code that the signal asks for: that of SIGPIPE where it was the reader. */
  exitCode(): number;
  /** Sets the line to print should it have to be ended in the midst of something. */
  lastWords(text: string): void;
  /** From now on it may be ended at any time. */
  release(): void;
}

/** Takes over SIGINT and SIGTERM until released. `again` is what the second signal does: by default it ends the command. */
export function onInterrupt(again?: () => void): Interrupt {
  const controller = new AbortController();
  const main = mainThread();
  const tell = (message: FromCommand) => main?.postMessage(message);
  let code: number = SIGNAL_EXIT.SIGINT;
  const handle = ({ signal }: StopMessage) => {
    if (!controller.signal.aborted) {
      code = SIGNAL_EXIT[signal];
      controller.abort();
    } else if (again) again();
    else process.exit(code);
  };
  main?.on("message", handle);
  // Listening alone does not keep a command running.
  main?.unref();
  tell({ kind: "stopsByItself", does: true });
  return {
    signal: controller.signal,
    exitCode: () => code,
    lastWords: (text) => tell({ kind: "lastWords", text }),
    release: () => {
      main?.off("message", handle);
      tell({ kind: "stopsByItself", does: false });
    },
  };
}
