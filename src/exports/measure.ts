import type { StoredFixture } from "../fixtures/store.ts";
import type { Engine } from "../programs/lstm/engines/engine.ts";
import { checkedDeath } from "./checkedDeath.ts";
import { reproductionOf } from "./fromFixture.ts";
import { rendered } from "./render.ts";
import type { Runner } from "./runner.ts";
import { runScripts } from "./runScripts.ts";
import { factsOf, otherDeath } from "./scriptRun.ts";
import type { Target } from "./target.ts";
import { type ScriptVerdict, verify } from "./verify.ts";

/** The outcome of a fixture in a target. */
export type TargetOutcome = ScriptVerdict | { kind: "refused"; why: string };

/** The outcomes of fixtures in one target. */
export interface Measured {
  versions: readonly string[];
  /** In the order of the fixtures. */
  outcomes: readonly TargetOutcome[];
}

/**
 * Runs the scripts of fixtures in one target, all in one process where it is for Python, and those that do not die as their
 * fixtures once more with nudged weights.
 */
export async function measureTarget(
  stored: readonly StoredFixture[],
  engine: Engine,
  target: Target,
  runner: Runner,
): Promise<Measured> {
  const reproductions = [];
  for (const fixture of stored) reproductions.push(reproductionOf(await checkedDeath(fixture, engine)));
  const expressed = reproductions.filter((reproduction) => target.refuses(reproduction) === null);
  const scripts = expressed.map((reproduction) => rendered(reproduction, target));
  const { versions, runs } = await runScripts(target, scripts, runner);
  const outcomes: TargetOutcome[] = [];
  for (const reproduction of reproductions) {
    const why = target.refuses(reproduction);
    const run = runs[expressed.indexOf(reproduction)];
    if (why !== null) outcomes.push({ kind: "refused", why });
    else if (run !== undefined && otherDeath(reproduction, factsOf(run)) === null)
      outcomes.push({ kind: "dies", factor: 1 });
    else outcomes.push((await verify(reproduction, target, runner)).verdict);
  }
  return { versions, outcomes };
}
