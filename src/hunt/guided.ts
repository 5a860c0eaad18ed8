import * as z from "zod";
import { randomStream } from "../numerics/random.ts";
import { type CaseSpace, caseMaker } from "../programs/lstm/generation/caseMaker.ts";
import { type HotCase, hotCaseSchema, withCase } from "./hotPool.ts";
import { countHeats, heatCountsSchema, noHeats, rungsAfter, rungsBelow } from "./rungs.ts";
import type { Plan, Strategy } from "./strategy.ts";
import type { CaseRef, RanCase } from "./tasks.ts";

/** Cases that share rungs and parents. A round is planned when the last but one before it is booked. */
const ROUND = 128;
/** How the pool of hot cases is used; docs/hunt.md has the experiment that chose the numbers. */
export interface PoolTuning {
  /** Cases without a death after which the pool is drawn on. */
  quiet: number;
  /** The most cases in the pool. */
  size: number;
}
const POOL: PoolTuning = { quiet: 1024, size: 16 };
/** Of the cases of a round, one in so many is then a mutant. */
const MUTANT_EVERY = 2;

const roundSchema = z.strictObject({
  rungs: z.array(z.strictObject({ step: z.int().min(1), heat: z.number() })),
  /** Hot cases to mutate; none while fresh cases still die. */
  parents: z.array(hotCaseSchema),
});
type Round = z.infer<typeof roundSchema>;

/** What the strategy has learned, to go on from. */
export const guidedStateSchema = z.strictObject({
  /** Cases. */
  learned: z.int().min(0),
  heats: heatCountsSchema,
  pool: z.array(hotCaseSchema),
  /** Cases since the last death. */
  quiet: z.int().min(0),
  /** The plans of the round at hand and the next, by number. */
  rounds: z.record(z.string(), roundSchema),
});
type GuidedState = z.infer<typeof guidedStateSchema>;

/**
 * Stops cold cases early by rungs of heat, and where nothing dies, varies the hottest cases seen. Both are
 * settled a round ahead, so cases can run at the same time, and are the same for any number of workers.
 *
 * @param saved What {@link Strategy.state} gave, to go on from; null to begin.
 */
export function guidedStrategy(
  space: CaseSpace,
  saved: GuidedState | null,
  { quiet, size }: PoolTuning = POOL,
): Strategy {
  const caseAt = caseMaker(space);
  const state = saved ?? beginning();
  const roundOf = (index: number) => Math.floor(index / ROUND);

  function parentOf(index: number, { parents }: Round): HotCase | null {
    if (parents.length === 0) return null;
    const random = randomStream(space.seed, `hunt/${index}/parent`);
    if (random.integer(MUTANT_EVERY) > 0) return null;
    // The hotter of two: the pool is sorted.
    const [one, other] = [random.integer(parents.length), random.integer(parents.length)];
    return parents[Math.min(one, other)] ?? null;
  }

  return {
    plan(index): Plan | null {
      const round = state.rounds[roundOf(index)];
      if (round === undefined) return null;
      const parent = parentOf(index, round);
      return { parent: parent?.case ?? null, rungs: parent ? rungsBelow(parent.heats) : round.rungs };
    },

    learn(ref: CaseRef, ran: RanCase | null): void {
      const round = state.rounds[roundOf(ref.index)];
      const parent = round ? parentOf(ref.index, round) : null;
      state.learned += 1;
      state.quiet = ran?.status === "died" ? 0 : state.quiet + 1;
      if (ran !== null) learnFrom(ref, ran, parent);
      if (state.learned % ROUND === 0) planAhead();
    },

    state: () => state,
  };

  function learnFrom(ref: CaseRef, { status, heats, heat }: RanCase, parent: HotCase | null): void {
    if (parent === null) countHeats(state.heats, heats);
    const lineage = parent?.lineage ?? ref.index;
    if (status === "died") state.pool = state.pool.filter((member) => member.lineage !== lineage);
    else state.pool = withCase(state.pool, { lineage, heat, heats }, () => caseAt(ref), size);
  }

  function planAhead(): void {
    const round = state.learned / ROUND;
    const parents = state.quiet < quiet ? [] : state.pool;
    const next: Round = { rungs: rungsAfter(state.heats), parents };
    const present = state.rounds[round];
    state.rounds = { ...(present && { [round]: present }), [round + 1]: next };
  }
}

function beginning(): GuidedState {
  const first: Round = { rungs: rungsAfter(noHeats()), parents: [] };
  return { learned: 0, heats: noHeats(), pool: [], quiet: 0, rounds: { 0: first, 1: first } };
}
