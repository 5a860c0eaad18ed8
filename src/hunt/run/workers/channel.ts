import type { Exit } from "./end.ts";

/** The way to one worker: a line of JSON to it for each task, a line from it for each answer. */
export interface Channel {
  /** Takes a line, or drops it where the worker is gone. */
  send(line: string): void;
  /** Ends the worker, whatever it is doing. */
  end(): void;
}

/** Receives what comes back from a worker. */
export interface ChannelListener {
  onLine(line: string): void;
  /** Once, after the last line. */
  onGone(exit: Exit): void;
}

/** Starts a worker and opens the way to it; nothing comes back before this has returned. */
export type OpenChannel = (listener: ChannelListener) => Channel;
