import { expect, it } from "vitest";
import { VirtualClock } from "../../testing/simulation/virtualClock.ts";
import type { ChannelListener, OpenChannel } from "./channel.ts";
import { WorkerPool } from "./pool.ts";
import type { TaskOutcome, WorkersEnd } from "./workers.ts";

/** A worker that does what the test says. */
class PlayedWorker {
  /** True once the pool has asked it to end. */
  isAsked = false;
  /** The tasks that it was sent and has not answered, by the ids that the pool gave them. */
  readonly tasks: number[] = [];

  constructor(private readonly listener: ChannelListener) {}

  take(line: string): void {
    const { id } = JSON.parse(line) as { id?: number };
    if (id !== undefined) this.tasks.push(id);
  }

  ready(): void {
    this.listener.onLine('{"kind":"ready"}');
  }

  answer(): void {
    this.listener.onLine(JSON.stringify({ kind: "answer", id: this.tasks.shift(), answer: null }));
  }

  leave(): void {
    this.listener.onGone({ exitCode: 1, signal: undefined, stderr: "" });
  }
}

/** A pool of two played workers and so many tasks. */
function played(tasks: number) {
  const started: PlayedWorker[] = [];
  const outcomes: TaskOutcome<null>["kind"][] = [];
  const start: OpenChannel = (listener) => {
    const worker = new PlayedWorker(listener);
    started.push(worker);
    return {
      send: (line) => worker.take(line),
      end: () => {
        worker.isAsked = true;
      },
    };
  };
  let next = 0;
  const pool = new WorkerPool<number, null>(
    { start, orders: {}, workers: 2, parse: () => null, hangSeconds: 60, clock: new VirtualClock() },
    {
      next: () => (next < tasks ? next++ : null),
      settle: (task, { kind }) => {
        outcomes[task] = kind;
      },
    },
  );
  const seen: { end: WorkersEnd | null } = { end: null };
  const run = pool.run().then((end) => {
    seen.end = end;
    return end;
  });
  const [first, second] = started;
  if (first === undefined || second === undefined) throw new Error("two workers were to be started");
  for (const worker of [first, second]) worker.ready();
  return { pool, run, seen, started, first, second, outcomes };
}

/** Lets promises that are settled be seen. */
const turn = () => new Promise(setImmediate);

it("a pool that is closed has ended when the last of its workers is gone, and all of its tasks came back", async () => {
  const { pool, run, seen, first, second, outcomes } = played(4);
  pool.close();
  expect([first.isAsked, second.isAsked]).toEqual([true, true]);
  await turn();
  expect(seen.end).toBeNull();
  first.leave();
  await turn();
  expect(seen.end).toBeNull();
  second.leave();
  expect(await run).toEqual({ kind: "done" });
  expect(outcomes).toEqual(Array(4).fill("unfinished"));
});

it("a pool one of whose workers crashes goes on with another one, which does its tasks too", async () => {
  const { run, seen, started, first, second, outcomes } = played(4);
  first.leave();
  await turn();
  expect(seen.end).toBeNull();
  const [, , third] = started;
  third?.ready();
  for (const worker of [second, third]) while (worker && worker.tasks.length > 0) worker.answer();
  expect(second.isAsked).toBe(true);
  await turn();
  expect(seen.end).toBeNull();
  for (const worker of [second, third]) worker?.leave();
  expect(await run).toEqual({ kind: "done" });
  expect(outcomes).toEqual(Array(4).fill("answered"));
});
