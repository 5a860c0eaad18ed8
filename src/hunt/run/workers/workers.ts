import type { WorkerEnd } from "./end.ts";

/** How a task came out. */
export type Outcome<Answer> =
  | { kind: "answered"; answer: Answer }
  /** It cost two workers. */
  | { kind: "lost"; end: WorkerEnd }
  /** The workers were sent home first. */
  | { kind: "unfinished" };

/** Where tasks come from, and where their outcomes go. */
export interface TaskSource<Task, Answer> {
  /** The next task; null when there is none until another outcome has come in. */
  next(): Task | null;
  settle(task: Task, outcome: Outcome<Answer>): void;
}

/** How the work ended. */
export type WorkersEnd =
  | { kind: "done" }
  /** Workers would not even start; the last one ended like this. */
  | { kind: "no-workers"; end: WorkerEnd };

/**
 * Workers that do the tasks of a source. Where they are is theirs to know: {@link WorkerPool} keeps processes on this machine; a
 * queue that machines take tasks from would be another implementation. The hunt relies on this much of any:
 *
 * - A task that the source gave is settled once, and before {@link run} ends. It may be done more often than that.
 * - Tasks come back in any order, however many are out.
 * - Any worker may do any task, and does it the same: a task says all that there is to know of it.
 * - An answer belongs to the task that it is booked for. What is no answer to it costs the worker.
 * - A task whose worker ends is given to one more. Only a task that has cost two is lost: a worker may end for reasons
 *   that are not its task's.
 * - The source is called from one thread, and neither of its functions while the other is at work.
 */
export interface Workers<Task> {
  /**
   * Works until the source has no task and none is out; nobody is at work then.
   * @throws What the source throws.
   */
  run(): Promise<WorkersEnd>;
  /** Gives up the tasks that match; they come back unfinished. */
  abandon(matches: (task: Task) => boolean): void;
  /** Ends all work at once; what is out comes back unfinished. */
  close(): void;
}
