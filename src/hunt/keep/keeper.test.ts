import { describe, expect, it } from "vitest";
import type { Fixture } from "../../fixtures/schema.ts";
import { storedFixture } from "../../library/testing/storedFixture.ts";
import { randomStream } from "../../numerics/random.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { growingUnit } from "../../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { type CaptureResult, Keeper, type KeptDeath, type PendingDeath } from "./keeper.ts";

const { fixture } = await storedFixture(growingUnit(), "step", await openEngine("explorer"));

/** A finding: its signature, what tells its contents from another's, and whether it is confirmed. */
type Planted = [signature: string, contents: number, confirmed: boolean];
/** The findings of a hunt's deaths, by the index of their case; the first of each is its own. */
type Plan = Planted[][];

const signature = (name: string) => `forward/${name}/relu`;
function findingOf([name, contents, confirmed]: Planted): { fixture: Fixture } {
  const expected = {
    ...fixture.expected,
    signature: signature(name),
    reproducesOn: confirmed ? ["explorer" as const] : [],
  };
  return { fixture: { ...fixture, case: { ...fixture.case, steps: contents }, expected } };
}

/** The findings of a plan; a death that is planned to have none costs its workers. */
function captureResultOf(planned: readonly Planted[]): CaptureResult {
  if (planned.length > 0) return { kind: "findings", findings: planned.map(findingOf) };
  return { kind: "lost", end: { kind: "killed", signal: "SIGKILL" } };
}

/** Runs a keeper as a hunt would: deaths come in as captures end, in an order drawn from the seed. */
function play(
  plan: Plan,
  {
    keep,
    seed,
    workers,
    stopAfter = Number.POSITIVE_INFINITY,
  }: { keep: number; seed: string; workers: number; stopAfter?: number },
) {
  const random = randomStream(seed, "order");
  const written: string[] = [];
  const lost: number[] = [];
  let kept: KeptDeath[] = [];
  let pending: PendingDeath[] = [];
  const captures: number[] = [];
  let next = 0;
  const seen: Record<string, number> = {};
  for (let finished = false; !finished; ) {
    const keeper = new Keeper({
      keep,
      confirm: "explorer",
      earlier: kept,
      pending,
      write: (findings) => {
        written.push(...findings.map(({ name }) => name));
        return findings.map(({ name }) => name);
      },
      onLost: ({ index }) => lost.push(index),
    });
    const out: number[] = [];
    let moves = 0;
    for (;;) {
      const mayOffer = next < plan.length;
      if (moves++ >= stopAfter) break;
      if (mayOffer && random.integer(2) === 0) {
        const name = plan[next]?.[0]?.[0] ?? "";
        keeper.offer({ index: next, parent: null }, signature(name), seen[name] ?? 0);
        seen[name] = (seen[name] ?? 0) + 1;
        next += 1;
        continue;
      }
      const ref = out.length < workers ? keeper.nextCapture() : null;
      if (ref !== null) {
        out.push(ref.index);
        captures.push(ref.index);
        continue;
      }
      const [index] = out.splice(random.integer(Math.max(1, out.length)), 1);
      if (index !== undefined) keeper.settle(index, captureResultOf(plan[index] ?? []));
      else if (!mayOffer) {
        finished = true;
        break;
      }
    }
    // Stopped: what was out is not settled, and the next keeper goes on from what this one kept and left.
    kept = keeper.deaths();
    pending = keeper.pending();
  }
  return { written, lost, pending, captures: new Set(captures), kept: kept.map(({ name }) => name) };
}

/** Deaths of three signatures, some not confirmed, some of the same contents, some that met another bug. */
function drawnPlan(seed: string): Plan {
  const random = randomStream(seed, "plan");
  const one = (): Planted => [
    ["a", "b", "c"][random.integer(3)] ?? "a",
    1 + random.integer(9),
    random.integer(3) > 0,
  ];
  return Array.from({ length: 30 }, () => Array.from({ length: 1 + random.integer(3) }, one));
}

describe("what a keeper keeps", () => {
  const seeds = Array.from({ length: 40 }, (_, i) => `plan ${i}`);

  it.each([1, 3])("of keep %i is the same for any number of workers and any order of captures", (keep) => {
    for (const seed of seeds) {
      const plan = drawnPlan(seed);
      const alone = play(plan, { keep, seed, workers: 1 });
      expect(alone.pending, seed).toEqual([]);
      for (const [workers, order] of [
        [1, "x"],
        [2, "y"],
        [5, "z"],
      ] as const)
        expect(play(plan, { keep, seed: order, workers }), seed).toMatchObject({
          written: alone.written,
          kept: alone.kept,
          pending: [],
        });
    }
  });

  it("is the same where the hunt is stopped again and again", () => {
    for (const seed of seeds) {
      const plan = drawnPlan(seed);
      const { written, kept } = play(plan, { keep: 2, seed, workers: 1 });
      expect(play(plan, { keep: 2, seed, workers: 3, stopAfter: 12 }), seed).toMatchObject({ written, kept });
    }
  });

  it("is no more of a signature than asked, confirmed or not", () => {
    const plan: Plan = Array.from({ length: 12 }, (_, i) => [["a", i + 1, i % 2 === 1]]);
    const { written } = play(plan, { keep: 2, seed: "1", workers: 2 });
    expect(written).toHaveLength(4);
  });

  it("takes no more captures than there is room for", () => {
    const plan: Plan = Array.from({ length: 12 }, (_, i) => [["a", i + 1, true]]);
    expect([...play(plan, { keep: 3, seed: "1", workers: 9 }).captures]).toEqual([0, 1, 2]);
  });

  it("gives up on a signature that nothing confirms after eight more deaths than asked", () => {
    const plan: Plan = Array.from({ length: 30 }, (_, i) => [["a", i + 1, false]]);
    const { captures, written } = play(plan, { keep: 2, seed: "1", workers: 3 });
    expect([...captures].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(written).toHaveLength(2);
  });

  it("counts another bug that a death met before later deaths of that signature", () => {
    const plan: Plan = [
      [
        ["a", 1, true],
        ["b", 2, true],
      ],
      [["b", 3, true]],
    ];
    const { kept } = play(plan, { keep: 1, seed: "1", workers: 2 });
    expect(kept).toHaveLength(2);
    expect(play(plan.slice(0, 1), { keep: 1, seed: "1", workers: 2 }).kept).toEqual(kept);
  });
});

describe("the next capture", () => {
  /** A keeper that has been offered so many deaths of one signature. */
  function offered(deaths: number, keep: number): Keeper {
    const write = () => [];
    const keeper = new Keeper({ keep, confirm: "explorer", earlier: [], pending: [], write, onLost() {} });
    for (let index = 0; index < deaths; index++) keeper.offer({ index, parent: null }, signature("a"), index);
    return keeper;
  }

  /** The cases that are to be captured now. */
  function taken(keeper: Keeper): number[] {
    const refs = [];
    for (let ref = keeper.nextCapture(); ref !== null; ref = keeper.nextCapture()) refs.push(ref.index);
    return refs;
  }

  it("does not wait for an earlier one where a later one was not confirmed", () => {
    const keeper = offered(5, 2);
    expect(taken(keeper)).toEqual([0, 1]);
    keeper.settle(1, captureResultOf([["a", 1, false]]));
    expect(taken(keeper)).toEqual([2]);
  });

  it("waits for the earlier ones where a later one was confirmed, whatever else it met", () => {
    const keeper = offered(5, 2);
    expect(taken(keeper)).toEqual([0, 1]);
    keeper.settle(
      1,
      captureResultOf([
        ["a", 1, true],
        ["b", 2, true],
      ]),
    );
    expect(taken(keeper)).toEqual([]);
  });
});
