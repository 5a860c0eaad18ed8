import type { WorkerEnd } from "./end.ts";
import { WorkerProcess } from "./process.ts";
import type { WorkerScript } from "./script.ts";

/** How a task came out. */
export type Outcome<Answer> =
  | { kind: "answered"; answer: Answer }
  /** The worker ended while it was at this very task. The task is not tried again. */
  | { kind: "lost"; end: WorkerEnd }
  /** The pool was closed first. */
  | { kind: "unfinished" };

/** Where a pool's tasks come from, and where their outcomes go. */
export interface TaskSource<Task, Answer> {
  /** The next task; null when there is none until another outcome has come in. */
  next(): Task | null;
  settle(task: Task, outcome: Outcome<Answer>): void;
}

/** What a pool is made of. */
export interface PoolOptions<Answer> {
  script: WorkerScript;
  /** The first line that every worker is sent. */
  open: unknown;
  workers: number;
  /** @throws Error when a worker's answer is none. */
  parse: (answer: unknown) => Answer;
  /** Seconds without a sign of life after which a worker counts as hanging. */
  hangSeconds: number;
}

/** How a pool's work ended. */
export type PoolEnd =
  | { kind: "done" }
  /** Workers would not even start; the last one ended like this. */
  | { kind: "no-workers"; end: WorkerEnd };

/** Tasks that stand in line at a worker, so that it never waits for the next: about this much work. */
const LINE_MS = 50;
const MIN_LINE = 2;
const MAX_LINE = 64;
/** Starts in a row that may fail before the pool gives up. */
const MAX_FAILED_STARTS = 3;
/** Weight of the last task in the running mean of a worker's pace. */
const PACE_GAIN = 0.1;
/** Milliseconds between two looks at who hangs. */
const WATCH_MS = 500;

interface Worker<Task, Answer> {
  process: WorkerProcess<Answer>;
  ready: boolean;
  /** Sent and not yet answered; the first is the one at hand. */
  line: Task[];
  /** Running mean of milliseconds a task, as seen from here. */
  pace: number;
  lastAnswer: number;
  /** Looks of the watch since its last sign of life. Counted, not timed: a laptop that sleeps is no hang. */
  silentLooks: number;
}

/**
 * Child processes that work through the tasks of a source. A worker that ends costs the task that it
 * was at; the others that stood in its line go to another.
 */
export class WorkerPool<Task, Answer> {
  readonly #options: PoolOptions<Answer>;
  readonly #source: TaskSource<Task, Answer>;
  readonly #workers = new Set<Worker<Task, Answer>>();
  /** Tasks out of the lines of workers that ended. */
  readonly #again: Task[] = [];
  #failedStarts = 0;
  #end: PoolEnd | null = null;
  #settled: (end: PoolEnd) => void = () => {};
  #failed: (error: unknown) => void = () => {};

  constructor(options: PoolOptions<Answer>, source: TaskSource<Task, Answer>) {
    this.#options = options;
    this.#source = source;
  }

  /**
   * Works until the source has no task and none is out; no process is left then.
   * @throws What the source throws.
   */
  async run(): Promise<PoolEnd> {
    const watch = setInterval(() => this.#look(), WATCH_MS);
    try {
      return await new Promise<PoolEnd>((settled, failed) => {
        this.#settled = settled;
        this.#failed = failed;
        // Closed before it began.
        if (this.#end !== null) return settled(this.#end);
        for (let i = 0; i < this.#options.workers; i++) this.#start();
      });
    } finally {
      clearInterval(watch);
      this.close();
    }
  }

  /** Ends every worker at once; what is out comes back unfinished. */
  close(): void {
    this.#finish({ kind: "done" });
  }

  /** Gives up the tasks that match, ending the workers that are at one; they come back unfinished. */
  abandon(matches: (task: Task) => boolean): void {
    if (this.#end !== null) return;
    this.#guard(() => {
      for (const worker of [...this.#workers]) {
        const [atHand] = worker.line;
        if (atHand === undefined || !matches(atHand)) continue;
        this.#again.push(...worker.line.splice(0));
        this.#workers.delete(worker);
        worker.process.close();
      }
      for (const task of this.#again.splice(0))
        if (matches(task)) this.#source.settle(task, { kind: "unfinished" });
        else this.#again.push(task);
      const task = this.#again.shift() ?? this.#source.next();
      if (task !== null) this.#again.unshift(task);
      if (task === null && this.#workers.size === 0) return this.#finish({ kind: "done" });
      while (task !== null && this.#workers.size < this.#options.workers) this.#start();
      this.#feedAll();
    });
  }

  #start(): void {
    const worker: Worker<Task, Answer> = {
      process: new WorkerProcess(this.#options.script, this.#options.open, {
        parse: this.#options.parse,
        onReady: () => {
          worker.ready = true;
          worker.lastAnswer = performance.now();
          this.#guard(() => this.#feedAll());
        },
        onAnswer: (answer) => this.#guard(() => this.#take(worker, answer)),
        onLife: () => {
          worker.silentLooks = 0;
        },
        onEnd: (end) => this.#guard(() => this.#gone(worker, end)),
      }),
      ready: false,
      line: [],
      pace: LINE_MS,
      lastAnswer: 0,
      silentLooks: 0,
    };
    this.#workers.add(worker);
  }

  /** What a source throws ends the pool, and comes out of {@link run}. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failed(error);
    }
  }

  #take(worker: Worker<Task, Answer>, answer: Answer): void {
    const task = worker.line.shift();
    if (task === undefined) return;
    const now = performance.now();
    worker.pace += PACE_GAIN * (now - worker.lastAnswer - worker.pace);
    worker.lastAnswer = now;
    this.#failedStarts = 0;
    this.#source.settle(task, { kind: "answered", answer });
    this.#feedAll();
  }

  #feedAll(): void {
    if (this.#end !== null) return;
    for (const worker of this.#workers) if (worker.ready) this.#feed(worker);
    const workers = [...this.#workers];
    const idle = workers.some(({ ready }) => ready) && workers.every(({ line }) => line.length === 0);
    if (idle && this.#again.length === 0) this.#finish({ kind: "done" });
  }

  #feed(worker: Worker<Task, Answer>): void {
    const room = Math.ceil(LINE_MS / Math.max(worker.pace, LINE_MS / MAX_LINE));
    // Filled up by halves, so that lines go out in bundles.
    if (worker.line.length > room / 2) return;
    while (worker.line.length < Math.max(MIN_LINE, room)) {
      const task = this.#again.shift() ?? this.#source.next();
      if (task === null) return;
      if (worker.line.length === 0) worker.silentLooks = 0;
      worker.line.push(task);
      worker.process.send(task);
    }
  }

  #gone(worker: Worker<Task, Answer>, end: WorkerEnd | null): void {
    this.#workers.delete(worker);
    const [atHand, ...rest] = worker.line;
    this.#again.unshift(...rest);
    if (atHand !== undefined)
      this.#source.settle(atHand, end === null || this.#end ? { kind: "unfinished" } : { kind: "lost", end });
    if (end !== null && this.#end === null) {
      if (!worker.ready) this.#failedStarts += 1;
      if (this.#failedStarts < MAX_FAILED_STARTS) this.#start();
      else this.#finish({ kind: "no-workers", end });
    }
    this.#settleIfEmpty();
  }

  #finish(end: PoolEnd): void {
    this.#end ??= end;
    for (const { process } of this.#workers) process.close();
    this.#settleIfEmpty();
  }

  #settleIfEmpty(): void {
    if (this.#end === null || this.#workers.size > 0) return;
    for (const task of this.#again.splice(0)) this.#source.settle(task, { kind: "unfinished" });
    this.#settled(this.#end);
  }

  #look(): void {
    const { hangSeconds } = this.#options;
    for (const worker of this.#workers) {
      if (worker.ready && worker.line.length === 0) continue;
      worker.silentLooks += 1;
      if (worker.silentLooks * WATCH_MS >= 1000 * hangSeconds) worker.process.hang(hangSeconds);
    }
  }
}
