import { describe, expect, it } from "vitest";
import { Keeper } from "../keep/keeper.ts";
import { randomStrategy } from "../plan/strategy.ts";
import { emptyTally, type LostCase } from "../tally.ts";
import { Ledger } from "./ledger.ts";
import type { HuntAnswer, HuntTask } from "./tasks.ts";

const died: HuntAnswer = {
  kind: "ran",
  status: "died",
  steps: 3,
  work: 1,
  heats: [],
  heat: 30,
  signature: "forward/recurrence-overflow/relu",
};

function opened(cases: number | null = null) {
  const lost: LostCase[] = [];
  const keeper = new Keeper({
    keep: 1,
    confirm: "explorer",
    earlier: [],
    pending: [],
    write: () => [],
    onLost: (one) => lost.push(one),
  });
  const learned: number[] = [];
  const strategy = { ...randomStrategy(), learn: ({ index }: { index: number }) => learned.push(index) };
  const nothing = () => {};
  const ledger = new Ledger({
    strategy,
    keeper,
    from: { next: 0, tally: emptyTally() },
    cases,
    shrink: "whole",
    onDeath: nothing,
    onCase: nothing,
    onLost: nothing,
    onCaptures: nothing,
  });
  const runs = (count: number) => Array.from({ length: count }, () => ledger.next() as HuntTask);
  return { ledger, keeper, learned, lost, runs };
}

describe("the ledger of a hunt", () => {
  it("books no case past the first that was given up: as many cases come to the same", () => {
    const { ledger, keeper, learned, runs } = opened();
    const tasks = runs(5);
    ledger.stop("as-asked");
    for (const [i, task] of tasks.entries())
      ledger.settle(task, i === 2 ? { kind: "unfinished" } : { kind: "answered", answer: died });
    expect(ledger.booked).toBe(2);
    expect(ledger.tally).toMatchObject({ cases: 2, deaths: 2, steps: 6 });
    expect(learned).toEqual([0, 1]);
    expect(keeper.pending().map(({ ref }) => ref.index)).toEqual([0, 1]);
  });

  it("gives out what it was asked to when it is stopped", () => {
    for (const [captures, next] of [
      ["as-asked", { kind: "capture", shrink: "whole" }],
      ["unshrunk", { kind: "capture", shrink: "none" }],
      ["none", null],
    ] as const) {
      const { ledger, runs } = opened();
      const [task] = runs(1);
      if (task) ledger.settle(task, { kind: "answered", answer: died });
      ledger.stop(captures);
      if (next === null) expect(ledger.next()).toBeNull();
      else expect(ledger.next()).toMatchObject({ index: 0, ...next });
    }
  });

  it("leaves a death pending whose capture was given up", () => {
    const { ledger, keeper, runs } = opened(1);
    const [task] = runs(1);
    if (task) ledger.settle(task, { kind: "answered", answer: died });
    const capture = ledger.next() as HuntTask;
    ledger.settle(capture, { kind: "unfinished" });
    expect(keeper.pending()).toHaveLength(1);
    expect(ledger.next()).toEqual(capture);
    expect(ledger.tally.lost).toEqual([]);
  });

  it("tells of a death whose capture failed, which is pending no more", () => {
    const { ledger, keeper, lost, runs } = opened(1);
    const [task] = runs(1);
    if (task) ledger.settle(task, { kind: "answered", answer: died });
    const failed: HuntAnswer = { kind: "failed", message: "out of memory" };
    ledger.settle(ledger.next() as HuntTask, { kind: "answered", answer: failed });
    expect(lost).toEqual([{ index: 0, during: "capture", end: failed }]);
    expect(keeper.pending()).toEqual([]);
  });
});
