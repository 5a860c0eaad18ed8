import * as z from "zod";
import { randomStream } from "../../numerics/random.ts";
import type { CaseRef, Cases, Guidance, Rung } from "../../programs/generating.ts";
import type { RanCase } from "../run/tasks.ts";
import { type HotCase, hotCaseSchema, withCase } from "./hotPool.ts";
import { countHeats, type HeatCounts, heatCountsSchema, noHeats, rungsAfter, rungsBelow } from "./rungs.ts";
import type { Plan, Strategy } from "./strategy.ts";

/** Of the cases of a round, one in so many is a mutant while the pool is drawn on. */
const MUTANT_EVERY = 2;

/** Cases that share rungs and parents. A round is planned when the last but one before it is booked. */
interface Round {
  rungs: Rung[];
  /** Hot cases to mutate; none while fresh cases still die. */
  parents: HotCase[];
}

/** Everything that the strategy has learned, to go on from. */
export interface GuidedState {
  /** Cases. */
  learned: number;
  heats: HeatCounts;
  pool: HotCase[];
  /** Cases since the last death. */
  quiet: number;
  /** The plans of the round at hand and the next, by number. */
  rounds: Record<string, Round>;
}

/** The schema of {@link GuidedState}, for the cases of a program. */
export function guidedStateSchema(caseSchema: z.ZodType): z.ZodType<GuidedState> {
  const hotCase = hotCaseSchema(caseSchema);
  return z.strictObject({
    learned: z.int().min(0),
    heats: heatCountsSchema,
    pool: z.array(hotCase),
    quiet: z.int().min(0),
    rounds: z.record(
      z.string(),
      z.strictObject({
        rungs: z.array(z.strictObject({ step: z.int().min(1), heat: z.number() })),
        parents: z.array(hotCase),
      }),
    ),
  });
}

/** The seed, the cases and the guidance of a guided hunt. */
export interface GuidedSpace {
  seed: string;
  cases: Cases;
  guidance: Guidance;
}

/**
 * Stops cold cases early by rungs of heat, and where nothing dies, varies the hottest cases seen. Both are
 * settled a round ahead, so cases can run at the same time, and are the same for any number of workers.
 *
 * @param saved The value of {@link Strategy.state} to go on from; null to begin.
 */
export function guidedStrategy({ seed, cases, guidance }: GuidedSpace, saved: GuidedState | null): Strategy {
  const { ladder, round: size, quiet, pool, leastHeat } = guidance;
  const state = saved ?? beginning(ladder);
  const roundOf = (index: number) => Math.floor(index / size);

  function parentOf(index: number, { parents }: Round): HotCase | null {
    if (parents.length === 0) return null;
    const random = randomStream(seed, `hunt/${index}/parent`);
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
      return { parent: parent?.case ?? null, rungs: parent ? rungsBelow(ladder, parent.heats) : round.rungs };
    },

    learn(ref: CaseRef, ran: RanCase | null): void {
      const round = state.rounds[roundOf(ref.index)];
      const parent = round ? parentOf(ref.index, round) : null;
      state.learned += 1;
      state.quiet = ran?.status === "died" ? 0 : state.quiet + 1;
      if (ran !== null) learnFrom(ref, ran, parent);
      if (state.learned % size === 0) planAhead();
    },

    state: () => state,
  };

  function learnFrom(ref: CaseRef, { status, heats, heat }: RanCase, parent: HotCase | null): void {
    if (parent === null) countHeats(state.heats, heats);
    const lineage = parent?.lineage ?? ref.index;
    if (status === "died") state.pool = state.pool.filter((member) => member.lineage !== lineage);
    else if (heat >= leastHeat)
      state.pool = withCase(state.pool, { lineage, heat, heats }, () => cases.at(ref), pool);
  }

  function planAhead(): void {
    const round = state.learned / size;
    const parents = state.quiet < quiet ? [] : state.pool;
    const next: Round = { rungs: rungsAfter(ladder, state.heats), parents };
    const present = state.rounds[round];
    state.rounds = { ...(present && { [round]: present }), [round + 1]: next };
  }
}

function beginning(ladder: readonly Rung[]): GuidedState {
  const heats = noHeats(ladder);
  const first: Round = { rungs: rungsAfter(ladder, heats), parents: [] };
  return { learned: 0, heats, pool: [], quiet: 0, rounds: { 0: first, 1: first } };
}
