import { EXIT, SIGPIPE_EXIT } from "./exitCodes.ts";

/** Codes that say what was found. Where the result could not be written, another code takes their place. */
const VERDICTS: readonly number[] = [EXIT.ok, EXIT.violated, EXIT.inconclusive];

/** Functions that are called when an output is lost. */
interface OutputHooks {
  /** The reader of stdout has gone. */
  onLeft: () => void;
  /** Writes a line to stderr. */
  note: (line: string) => void;
}

/**
 * Sees to what becomes of a command that can no longer write to stdout or stderr. A reader of stdout that leaves
 * (| head) ends it, at once or, where it takes Ctrl-C in its own hands, in good order; one of stderr is not missed. Where the
 * device is full the command goes on to its end and keeps what it finds, and ends with 2.
 */
export function watchOutputs({ onLeft, note }: OutputHooks): void {
  let lost: number | null = null;
  onFirstError(process.stdout, (error) => {
    if (hasLeft(process.stdout, error)) {
      lost = SIGPIPE_EXIT;
      onLeft();
      return;
    }
    lost = EXIT.usage;
    note(`nanproof: stdout: cannot be written (${error.message})`);
    note("  make room, or write it elsewhere  [NANPROOF_E_STDOUT]");
  });
  onFirstError(process.stderr, (error) => {
    if (!hasLeft(process.stderr, error)) lost ??= EXIT.usage;
  });
  process.on("exit", (code) => {
    if (lost !== null && VERDICTS.includes(code)) process.exitCode = lost;
  });
}

/** True of a stream's error that says that nobody reads it any more: a pipe or socket that was closed, a terminal that is gone. */
function hasLeft({ isTTY }: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): boolean {
  return code === "EPIPE" || code === "ECONNRESET" || (code === "EIO" && isTTY);
}

/** Listens to the first error of a stream: those that follow are more of the same. */
function onFirstError(stream: NodeJS.WriteStream, listener: (error: NodeJS.ErrnoException) => void): void {
  stream.once("error", listener);
  stream.on("error", () => {});
}
