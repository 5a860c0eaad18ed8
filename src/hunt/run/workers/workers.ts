import type { WorkerEnd } from "./end.ts";

/** The outcome of a task. */
export type TaskOutcome<Answer> =
  | { kind: "answered"; answer: Answer }
  /** It cost two workers. */
  | { kind: "lost"; end: WorkerEnd }
  /** The workers were stopped first. */
  | { kind: "unfinished" };

/** Gives out tasks, and takes their outcomes. */
export interface TaskSource<Task, Answer> {
  /** The next task; null when there is none until another outcome has come in. */
  next(): Task | null;
  settle(task: Task, outcome: TaskOutcome<Answer>): void;
}

/** The end of the work. */
export type WorkersEnd =
  | { kind: "done" }
  /** Workers would not even start; the last one ended like this. */
  | { kind: "no-workers"; end: WorkerEnd };

/**
 * Workers that do the tasks of a source, wherever they are: {@link WorkerPool} keeps processes on this machine; a queue
 * that machines take tasks from would be another implementation. The hunt relies on this much of any:
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
   * @throws Whatever error the source throws.
   */
  run(): Promise<WorkersEnd>;
  /** Gives up the tasks that match; they come back unfinished. */
  abandon(matches: (task: Task) => boolean): void;
  /** Ends all work at once; what is out comes back unfinished. */
  close(): void;
}
