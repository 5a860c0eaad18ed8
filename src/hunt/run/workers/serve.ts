import { createInterface } from "node:readline";
import { answerLine } from "./lines.ts";

/** A sign of life this often at most, in milliseconds. */
const BEAT_MS = 500;

/** Does one task. Calls `beat` often while it goes on, so that it is not taken for a hang. */
export type Serve = (task: unknown, beat: () => void) => unknown;

/**
 * The worker's side: the first line of stdin opens it, every further line is a task with its number. Tasks are done in
 * order, each answered with its number before the next begins. It ends when stdin does, that is, when its parent has gone.
 */
export async function serveTasks(open: (first: unknown) => Promise<Serve>): Promise<void> {
  // These reach every process of a terminal or a job; the parent decides what becomes of this one. Were this one to
  // end first, the case at hand would be booked as lost.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  let lastBeat = 0;
  const beat = () => {
    if (performance.now() - lastBeat < BEAT_MS) return;
    lastBeat = performance.now();
    answerLine({ kind: "beat" });
  };
  let serve: Serve | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const message: unknown = JSON.parse(line);
    if (serve === undefined) {
      // Loading a framework may take longer than a worker may be silent.
      const beats = setInterval(beat, BEAT_MS);
      serve = await open(message).finally(() => clearInterval(beats));
      answerLine({ kind: "ready" });
    } else {
      const { id, task } = message as { id: number; task: unknown };
      answerLine({ kind: "answer", id, answer: await serve(task, beat) });
    }
  }
}
