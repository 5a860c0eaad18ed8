import type { Readable } from "node:stream";

/** A command that runs: its stderr, and its end. */
interface Running extends PromiseLike<unknown> {
  readonly stderr: Readable;
}

/** Waits until a command says something on stderr. @throws Error where it ends without. */
export async function said(running: Running, what: string | RegExp): Promise<void> {
  let seen = "";
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: unknown) => {
      seen += String(chunk);
      if (typeof what === "string" ? !seen.includes(what) : !what.test(seen)) return;
      running.stderr.off("data", look);
      resolve();
    };
    running.stderr.on("data", look);
    running.then(() => reject(new Error(`it ended and never said ${what}: ${seen}`)), reject);
  });
}
