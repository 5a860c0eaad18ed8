import { describe, expect, it } from "vitest";
import { DOMAINS } from "../../programs/lstm/cases/domains.ts";
import { presets } from "../../programs/lstm/cases/presets.ts";
import { generation } from "../../programs/lstm/generation/generation.ts";
import { guidance } from "../../programs/lstm/generation/guidance.ts";
import type { RanCase } from "../run/tasks.ts";
import { type GuidedSpace, guidedStrategy } from "./guided.ts";
import type { Plan, Strategy } from "./strategy.ts";

const seed = "guided";
const space: GuidedSpace = {
  seed,
  guidance,
  cases: generation.cases({ domain: DOMAINS["low-rate"], base: presets.published }, seed),
};

const ran = (index: number, more: Partial<RanCase> = {}): RanCase => ({
  kind: "ran",
  status: "lived",
  steps: 3,
  work: 1,
  heats: [index % 10],
  heat: index % 10,
  signature: null,
  ...more,
});

/** Lets a strategy plan as far as it will, `lead` cases ahead at most, and learn; every case lives as `outcome` says. */
function play(strategy: Strategy, from: number, to: number, lead: number, outcome = ran): Plan[] {
  const plans: Plan[] = [];
  let planned = from;
  for (let learned = from; learned < to; learned++) {
    for (; planned < to && planned < learned + lead; planned++) {
      const plan = strategy.plan(planned);
      if (plan === null) break;
      plans.push(plan);
    }
    strategy.learn({ index: learned, parent: plans[learned - from]?.parent ?? null }, outcome(learned));
  }
  return plans;
}

describe("the guided strategy", () => {
  it("plans the same, however many cases run at the same time", () => {
    const one = play(guidedStrategy(space, null), 0, 2000, 1);
    expect(play(guidedStrategy(space, null), 0, 2000, 500)).toEqual(one);
  });

  it("goes on from its state as if it had not stopped", () => {
    const whole = play(guidedStrategy(space, null), 0, 2000, 1);
    const first = guidedStrategy(space, null);
    play(first, 0, 1337, 1);
    const second = guidedStrategy(space, JSON.parse(JSON.stringify(first.state())));
    expect(play(second, 1337, 2000, 1)).toEqual(whole.slice(1337));
  });

  it("lets the hottest tenth pass a rung where no case is as hot as those that die", () => {
    const cold = play(guidedStrategy(space, null), 0, 600, 1, (index) =>
      ran(index, { heats: [(index % 100) / 200] }),
    );
    expect(cold[0]?.rungs[0]).toEqual({ step: 3, heat: 1.2 });
    expect(cold[500]?.rungs[0]?.heat).toBeCloseTo(0.4, 5);
    const hot = play(guidedStrategy(space, null), 0, 600, 1, (index) =>
      ran(index, { heats: [(index % 100) / 2] }),
    );
    expect(hot[500]?.rungs[0]).toEqual({ step: 3, heat: 1.2 });
  });

  it("varies hot cases once nothing has died for long, one of a lineage, and stops when something does", () => {
    const plans = play(guidedStrategy(space, null), 0, 2000, 1);
    expect(plans.slice(0, 1024).every(({ parent }) => parent === null)).toBe(true);
    const mutants = plans.slice(1400).filter(({ parent }) => parent !== null);
    expect(mutants.length / 600).toBeGreaterThan(0.4);
    expect(mutants.length / 600).toBeLessThan(0.6);
    const dying = play(guidedStrategy(space, null), 0, 2000, 1, (index) =>
      ran(index, index % 500 === 0 ? { status: "died", signature: "a/b/c" } : {}),
    );
    expect(dying.every(({ parent }) => parent === null)).toBe(true);
  });
});
