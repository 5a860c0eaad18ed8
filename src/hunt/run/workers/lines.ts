import { writeSync } from "node:fs";

const STDOUT = 1;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes one line of JSON to stdout, all of it, before it returns: what a worker has answered is with
 * its parent, whatever becomes of the worker in its next task. Ends the process when the parent is gone.
 */
export function answerLine(message: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(STDOUT, bytes, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") process.exit(0);
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}
