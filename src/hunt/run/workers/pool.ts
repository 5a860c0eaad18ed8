import type { Clock } from "../../clock.ts";
import type { OpenChannel } from "./channel.ts";
import type { WorkerEnd } from "./end.ts";
import { Pace } from "./pace.ts";
import { type Assignment, Worker } from "./worker.ts";
import type { TaskSource, Workers, WorkersEnd } from "./workers.ts";

/** The settings of a pool. */
export interface PoolOptions<Task, Answer> {
  /** Starts a worker. */
  start: OpenChannel;
  /** The first line that every worker is sent. */
  orders: unknown;
  workers: number;
  /** @throws Error when a worker's answer is none to its task. */
  parse: (answer: unknown, task: Task) => Answer;
  /** Seconds without a sign of life after which a worker counts as hanging. */
  hangSeconds: number;
  clock: Clock;
}

/** Starts in a row that may fail before the pool gives up. */
const MAX_FAILED_STARTS = 3;
/** Milliseconds between two looks for workers that hang. */
const WATCH_MS = 500;
/** Workers that a task may cost. */
const MOST_COST = 2;

/** Workers that are started here, each with a line of tasks, and started again where they end. */
export class WorkerPool<Task, Answer> implements Workers<Task> {
  readonly #options: PoolOptions<Task, Answer>;
  readonly #source: TaskSource<Task, Answer>;
  readonly #workers = new Map<Worker<Task, Answer>, Pace>();
  /** Tasks out of the lines of workers that ended. */
  readonly #again: Assignment<Task>[] = [];
  #failedStarts = 0;
  #end: WorkersEnd | null = null;
  #settled: (end: WorkersEnd) => void = () => {};
  #failed: (error: unknown) => void = () => {};

  constructor(options: PoolOptions<Task, Answer>, source: TaskSource<Task, Answer>) {
    this.#options = options;
    this.#source = source;
  }

  async run(): Promise<WorkersEnd> {
    const endWatch = this.#options.clock.every(WATCH_MS, () => this.#look());
    try {
      return await new Promise<WorkersEnd>((settled, failed) => {
        this.#settled = settled;
        this.#failed = failed;
        // Closed before it began.
        if (this.#end !== null) return settled(this.#end);
        for (let i = 0; i < this.#options.workers; i++) this.#start();
      });
    } finally {
      endWatch();
      this.close();
    }
  }

  close(): void {
    this.#finish({ kind: "done" });
  }

  abandon(matches: (task: Task) => boolean): void {
    if (this.#end !== null) return;
    this.#guard(() => {
      for (const worker of [...this.#workers.keys()]) {
        const { atHand } = worker;
        if (atHand === undefined || !matches(atHand)) continue;
        this.#again.push(...worker.takeBack());
        this.#workers.delete(worker);
        worker.close();
      }
      for (const assignment of this.#again.splice(0))
        if (matches(assignment.task)) this.#source.settle(assignment.task, { kind: "unfinished" });
        else this.#again.push(assignment);
      const next = this.#next();
      if (next !== null) this.#again.unshift(next);
      if (next === null && this.#workers.size === 0) return this.#finish({ kind: "done" });
      while (next !== null && this.#workers.size < this.#options.workers) this.#start();
      this.#feedAll();
    });
  }

  #start(): void {
    const { start, orders, parse, clock } = this.#options;
    const worker: Worker<Task, Answer> = new Worker(start, orders, {
      parse,
      onReady: () => {
        this.#workers.set(worker, new Pace(clock.now()));
        this.#guard(() => this.#feedAll());
      },
      onAnswer: (task, answer) =>
        this.#guard(() => {
          this.#workers.get(worker)?.answered(clock.now());
          this.#failedStarts = 0;
          this.#source.settle(task, { kind: "answered", answer });
          this.#feedAll();
        }),
      onEnd: (end) => this.#guard(() => this.#gone(worker, end)),
    });
    this.#workers.set(worker, new Pace(clock.now()));
  }

  /** Runs code that calls the source; an error of the source ends the pool, and {@link run} throws it. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failed(error);
    }
  }

  #next(): Assignment<Task> | null {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const task = this.#source.next();
    return task === null ? null : { task, cost: 0 };
  }

  #feedAll(): void {
    if (this.#end !== null) return;
    for (const [worker, pace] of this.#workers)
      if (worker.ready)
        for (let room = pace.room(worker.length); room > 0; room--) {
          const next = this.#next();
          if (next === null) break;
          worker.give(next);
        }
    const workers = [...this.#workers.keys()];
    const idle = workers.some(({ ready }) => ready) && workers.every(({ length }) => length === 0);
    if (idle && this.#again.length === 0) this.#finish({ kind: "done" });
  }

  #gone(worker: Worker<Task, Answer>, end: WorkerEnd | null): void {
    this.#workers.delete(worker);
    const [atHand, ...rest] = worker.takeBack();
    this.#again.unshift(...rest);
    if (atHand !== undefined) this.#takeBack(atHand, end);
    if (end !== null && this.#end === null) {
      if (!worker.ready) this.#failedStarts += 1;
      if (this.#failedStarts < MAX_FAILED_STARTS) this.#start();
      else this.#finish({ kind: "no-workers", end });
    }
    this.#feedAll();
    this.#settleIfEmpty();
  }

  /** Takes back the task that a worker was at when it ended. */
  #takeBack({ task, cost }: Assignment<Task>, end: WorkerEnd | null): void {
    if (end === null || this.#end !== null) this.#source.settle(task, { kind: "unfinished" });
    else if (cost + 1 < MOST_COST) this.#again.unshift({ task, cost: cost + 1 });
    else this.#source.settle(task, { kind: "lost", end });
  }

  #finish(end: WorkersEnd): void {
    this.#end ??= end;
    for (const worker of this.#workers.keys()) worker.close();
    this.#settleIfEmpty();
  }

  #settleIfEmpty(): void {
    if (this.#end === null || this.#workers.size > 0) return;
    for (const { task } of this.#again.splice(0)) this.#source.settle(task, { kind: "unfinished" });
    this.#settled(this.#end);
  }

  #look(): void {
    const { hangSeconds } = this.#options;
    for (const worker of this.#workers.keys()) {
      if (worker.ready && worker.length === 0) continue;
      worker.silentLooks += 1;
      if (worker.silentLooks * WATCH_MS >= 1000 * hangSeconds) worker.hang(hangSeconds);
    }
  }
}
