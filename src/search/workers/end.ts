/** How a worker process ended before its time: a closed set. */
export type WorkerEnd =
  /** It showed no sign of life for too long, and was killed for it. */
  | { kind: "hang"; seconds: number }
  /** Another process, or the kernel, killed it. */
  | { kind: "killed"; signal: string }
  | { kind: "out-of-memory" }
  /** It exited by itself. */
  | { kind: "crashed"; message: string }
  /** It wrote what is no answer, and was killed for it. */
  | { kind: "unreadable-output"; output: string };

/** What is known of a process that is gone. */
export interface Exit {
  exitCode: number | undefined;
  signal: string | undefined;
  /** The last of what it wrote to stderr. */
  stderr: string;
}

/** V8's last words when its heap is full; it then aborts. */
const HEAP_FULL = /heap out of memory|Allocation failed|Array buffer allocation failed/i;

/** Names the end of a process that nobody asked to end. */
export function workerEnd({ exitCode, signal, stderr }: Exit): WorkerEnd {
  if (HEAP_FULL.test(stderr)) return { kind: "out-of-memory" };
  if (signal !== undefined) return { kind: "killed", signal };
  const lastLine = stderr.trim().split("\n").at(-1) ?? "";
  return { kind: "crashed", message: `exit code ${exitCode ?? "unknown"}${lastLine && `: ${lastLine}`}` };
}
