import * as z from "zod";
import type { Channel, OpenChannel } from "./channel.ts";
import { type WorkerEnd, workerEnd } from "./end.ts";

const OUTPUT_SHOWN = 80;

const messageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("beat") }),
  /** `id` is that of the task which it answers. */
  z.object({ kind: z.literal("answer"), id: z.int(), answer: z.unknown() }),
]);

/** A task, and how many workers it has cost. */
export interface Assignment<Task> {
  task: Task;
  cost: number;
}

/** Receives what a worker reports. */
export interface WorkerListener<Task, Answer> {
  /** @throws Error when that is no answer to the task: the worker is then ended. */
  parse(answer: unknown, task: Task): Answer;
  onReady(): void;
  onAnswer(task: Task, answer: Answer): void;
  /** After the last answer. Null when it was asked to end. */
  onEnd(end: WorkerEnd | null): void;
}

/** One worker, kept warm, and the tasks that wait in line at it, so that it never waits for the next. */
export class Worker<Task, Answer> {
  ready = false;
  /** Looks of the watch since its last sign of life. Counted, not timed: a laptop that sleeps is no hang. */
  silentLooks = 0;
  /** Sent and not yet answered; the first is the one at hand. */
  #line: (Assignment<Task> & { id: number })[] = [];
  #sent = 0;
  readonly #channel: Channel;
  readonly #listener: WorkerListener<Task, Answer>;
  /** Why this side ended it. */
  #ended: WorkerEnd | "asked" | null = null;

  /** @param orders Sent first: what the worker needs to know before its first task. */
  constructor(open: OpenChannel, orders: unknown, listener: WorkerListener<Task, Answer>) {
    this.#listener = listener;
    this.#channel = open({
      onLine: (line) => this.#take(line),
      onGone: (exit) => listener.onEnd(this.#ended === "asked" ? null : (this.#ended ?? workerEnd(exit))),
    });
    this.#channel.send(JSON.stringify(orders));
  }

  /** The number of tasks in its line. */
  get length(): number {
    return this.#line.length;
  }

  /** The task that it is at. */
  get atHand(): Task | undefined {
    return this.#line[0]?.task;
  }

  /** Puts a task at the end of its line. */
  give({ task, cost }: Assignment<Task>): void {
    if (this.#line.length === 0) this.silentLooks = 0;
    const id = this.#sent++;
    this.#line.push({ task, cost, id });
    this.#channel.send(JSON.stringify({ id, task }));
  }

  /** Takes its whole line away, the task at hand first. */
  takeBack(): Assignment<Task>[] {
    return this.#line.splice(0).map(({ task, cost }) => ({ task, cost }));
  }

  /** Ends it for showing no sign of life for so long. */
  hang(seconds: number): void {
    this.#end({ kind: "hang", seconds });
  }

  /** Ends it, whatever it is doing. */
  close(): void {
    this.#end("asked");
  }

  #take(line: string): void {
    if (this.#ended !== null) return;
    this.silentLooks = 0;
    const message = this.#read(line);
    if (message === "ready") {
      this.ready = true;
      this.#listener.onReady();
    } else if (message !== null) {
      this.#line.shift();
      this.#listener.onAnswer(message.task, message.answer);
    }
  }

  /** Reads a line. Null for a sign of life, and for what is no answer to the task at hand, which ends the worker. */
  #read(line: string): "ready" | { task: Task; answer: Answer } | null {
    try {
      const message = messageSchema.parse(JSON.parse(line));
      if (message.kind !== "answer") return message.kind === "ready" ? "ready" : null;
      const [first] = this.#line;
      if (first?.id !== message.id) throw new Error("an answer to another task");
      return { task: first.task, answer: this.#listener.parse(message.answer, first.task) };
    } catch {
      this.#end({ kind: "unreadable-output", output: line.slice(0, OUTPUT_SHOWN) });
      return null;
    }
  }

  #end(why: WorkerEnd | "asked"): void {
    this.#ended ??= why;
    this.#channel.end();
  }
}
