import { randomStream } from "../../src/numerics/random.ts";

/** The seed of every property where the environment names no other. */
const SEED = "51038266";

/**
 * Settings of a property for fast-check: a seed, its own for each claim, and the number of cases.
 *
 * `NANPROOF_RUNS=1000 npx vitest run properties` runs a thousand cases of each claim, `NANPROOF_SEED` others.
 *
 * @param runs Cases of a usual run.
 */
export function profile(claim: string, runs: number): { seed: number; numRuns: number; name: string } {
  const { NANPROOF_SEED = SEED, NANPROOF_RUNS } = process.env;
  const numRuns = NANPROOF_RUNS === undefined ? runs : Number(NANPROOF_RUNS);
  if (!Number.isInteger(numRuns) || numRuns < 1)
    throw new Error(`NANPROOF_RUNS is ${JSON.stringify(NANPROOF_RUNS)}: give a whole number of cases`);
  const seed = randomStream(NANPROOF_SEED, claim).integer(2 ** 31);
  return { seed, numRuns, name: `${claim} (seed ${NANPROOF_SEED}, ${numRuns} cases)` };
}
