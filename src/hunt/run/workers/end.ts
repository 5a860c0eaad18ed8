import * as z from "zod";

/** The ways in which a worker process ends before its time: a closed set. */
export const workerEndSchema = z.discriminatedUnion("kind", [
  /** It showed no sign of life for too long, and was killed for it. */
  z.strictObject({ kind: z.literal("hang"), seconds: z.number() }),
  /** Another process, or the kernel, killed it. */
  z.strictObject({ kind: z.literal("killed"), signal: z.string() }),
  z.strictObject({ kind: z.literal("out-of-memory") }),
  /** It exited by itself. */
  z.strictObject({ kind: z.literal("crashed"), message: z.string() }),
  /** It wrote what is no answer, and was killed for it. */
  z.strictObject({ kind: z.literal("unreadable-output"), output: z.string() }),
]);
/** See {@link workerEndSchema}. */
export type WorkerEnd = z.infer<typeof workerEndSchema>;

/** The facts known of a process that is gone. */
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
