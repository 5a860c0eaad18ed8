import { describe, expect, it } from "vitest";
import { systemClock } from "../../clock.ts";
import type { WorkerEnd } from "./end.ts";
import { WorkerPool } from "./pool.ts";
import { processChannel } from "./processChannel.ts";
import type { WorkerScript } from "./script.ts";
import type { TaskOutcome } from "./workers.ts";

/** The acts of the planted worker: see testing/plantedWorker.ts. */
type Planted = "square" | "hang" | "slow" | "kill" | "exit" | "fill-heap" | "garbage" | "wrong-answer";

const script: WorkerScript = {
  url: new URL("./testing/plantedWorker.ts", import.meta.url),
  nodeOptions: ["--max-old-space-size=64"],
};

/** Runs tasks 0, 1, ... of which some are planted; the outcomes by task. */
async function work(tasks: number, planted: Record<number, Planted>, { workers = 2, hangSeconds = 60 } = {}) {
  const outcomes: TaskOutcome<number>[] = [];
  let next = 0;
  const pool = new WorkerPool<{ number: number; does: Planted }, number>(
    {
      start: processChannel(script),
      clock: systemClock,
      orders: { greeting: "hello" },
      workers,
      hangSeconds,
      parse: (answer) => {
        if (typeof answer !== "number") throw new Error("no number");
        return answer;
      },
    },
    {
      next: () => (next < tasks ? { number: next, does: planted[next++] ?? "square" } : null),
      settle: ({ number }, outcome) => {
        expect(outcomes[number], `task ${number} settles once`).toBeUndefined();
        outcomes[number] = outcome;
      },
    },
  );
  return { end: await pool.run(), outcomes };
}

/** Every task answers its square, but for the ones lost, which end as said. */
function expectOnlyLost(outcomes: TaskOutcome<number>[], lost: Record<number, unknown>) {
  expect(outcomes).toEqual(
    outcomes.map((_, i) => (lost[i] ? { kind: "lost", end: lost[i] } : { kind: "answered", answer: i * i })),
  );
}

describe("a pool of workers", () => {
  it.each([1, 2])("works through its tasks on %i", async (workers) => {
    const { end, outcomes } = await work(500, {}, { workers });
    expect(end).toEqual({ kind: "done" });
    expect(outcomes).toHaveLength(500);
    expectOnlyLost(outcomes, {});
  });

  it.each<[Planted, WorkerEnd | object]>([
    ["kill", { kind: "killed", signal: "SIGKILL" }],
    ["exit", { kind: "crashed", message: "exit code 3: planted: leaving" }],
    ["fill-heap", { kind: "out-of-memory" }],
    ["garbage", { kind: "unreadable-output", output: "Segmentation fault, or so" }],
    ["wrong-answer", { kind: "unreadable-output", output: expect.stringContaining("forty-two") }],
    ["hang", { kind: "hang", seconds: 12 }],
  ])("%s costs one task of 200, whichever it stands among", async (does, end) => {
    // A task is tried on two workers, and a hang takes its time on each.
    const lost = does === "hang" ? [57] : [57, 58];
    const at = <T>(value: T) => Object.fromEntries(lost.map((task) => [task, value]));
    const { outcomes } = await work(200, at(does), { hangSeconds: 12 });
    expect(outcomes).toHaveLength(200);
    expectOnlyLost(outcomes, at(end));
  });

  it("slow is not hanging, as long as there are signs of life", async () => {
    const { outcomes } = await work(3, { 1: "slow" }, { hangSeconds: 12 });
    expectOnlyLost(outcomes, {});
  });

  it("gives up on workers that do not start", async () => {
    const broken = { url: new URL("../../workers/testing/noSuchWorker.ts", import.meta.url) };
    const settled: unknown[] = [];
    const pool = new WorkerPool<number, number>(
      {
        start: processChannel(broken),
        clock: systemClock,
        orders: {},
        workers: 2,
        hangSeconds: 60,
        parse: Number,
      },
      { next: () => 1, settle: (_, outcome) => settled.push(outcome) },
    );
    const end = await pool.run();
    expect(end).toMatchObject({ kind: "no-workers", end: { kind: "crashed" } });
    expect(settled).toEqual([]);
  });

  it("closed, hands back what is out", async () => {
    const outcomes: TaskOutcome<number>[] = [];
    let next = 0;
    const pool = new WorkerPool<{ number: number; does: Planted }, number>(
      {
        start: processChannel(script),
        clock: systemClock,
        orders: {},
        workers: 2,
        hangSeconds: 60,
        parse: Number,
      },
      {
        next: () => ({ number: next++, does: next === 20 ? "hang" : "square" }),
        settle: ({ number }, outcome) => {
          outcomes[number] = outcome;
          if (number === 100) pool.close();
        },
      },
    );
    await pool.run();
    expect(Array.from({ length: next }, (_, i) => outcomes[i]?.kind)).not.toContain(undefined);
    expect(outcomes[19]).toEqual({ kind: "unfinished" });
  });

  it("hands on what its source throws", async () => {
    const pool = new WorkerPool<number, number>(
      {
        start: processChannel(script),
        clock: systemClock,
        orders: {},
        workers: 1,
        hangSeconds: 60,
        parse: Number,
      },
      {
        next: () => {
          throw new Error("a bug in the source");
        },
        settle: () => {},
      },
    );
    await expect(pool.run()).rejects.toThrow("a bug in the source");
  });
});
