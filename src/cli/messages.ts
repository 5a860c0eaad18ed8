import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { ProgressMode } from "./flags/progressFlag.ts";
import type { TimedProgress } from "./progress.ts";

/** A message from a command's thread to the main thread, which owns the terminal and the signals. */
export type FromCommand =
  /** A part of the result; `isDocument` where a program reads it. */
  | { kind: "print"; text: string; isDocument?: boolean }
  /** A line or more of progress and warnings that stays. */
  | { kind: "note"; text: string }
  /** A line or more for the runner of a build, on stderr as they are. */
  | { kind: "announce"; text: string }
  /** The form in which progress is shown, and the command whose it is. */
  | { kind: "progressMode"; mode: ProgressMode; command: string }
  /** The progress of the command; null for none any more. Shown once there has been some for `after` milliseconds. */
  | { kind: "progress"; progress: TimedProgress | null; after: number }
  /** True where the command ends by itself once it is asked to stop. One that does not is ended at once. */
  | { kind: "stopsByItself"; does: boolean }
  /** The line to print should it have to be ended in the midst of something. */
  | { kind: "lastWords"; text: string };

/** Asks a command to stop; SIGPIPE where nobody reads its result any more. */
export interface StopMessage {
  kind: "stop";
  signal: "SIGINT" | "SIGTERM" | "SIGPIPE";
}

/** The data that a command's thread is started with. */
export interface CommandThreadData {
  kind: "command";
  /** Columns of the terminal; null where there is none. */
  columns: number | null;
}

/** Columns of the terminal that the result of this thread's command goes to; null where there is none. */
export function terminalColumns(): number | null {
  return (workerData as Partial<CommandThreadData> | null)?.columns ?? null;
}

/** The way to the main thread; null in a process or thread that runs no command. */
export function mainThread(): MessagePort | null {
  const data = workerData as Partial<CommandThreadData> | null;
  return !isMainThread && data?.kind === "command" ? parentPort : null;
}
