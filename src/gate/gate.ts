import { UsageError } from "../documents/errors.ts";
import { asItDied } from "../fixtures/heldTo.ts";
import { judgeFix, pastBound, workOfJudging } from "../fixtures/judge.ts";
import { replayFixture } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import { readFixture } from "../fixtures/store.ts";
import { DEFAULT_ENGINE, type Engine, type EngineName } from "../programs/lstm/engines/engine.ts";
import type { Subject } from "../programs/lstm/fixes/fixes.ts";
import { MAX_WORK, stepsWithin } from "../programs/work.ts";
import { whyStale } from "./stale.ts";

/** What gating showed of one fixture. */
export type GateVerdict =
  | { verdict: "held" }
  /** Dies with the fix too. The signature is null where going over the step did not show why. */
  | { verdict: "failed"; signature: string | null }
  /** Does not die as it should without the fix, so it says nothing about it. */
  | { verdict: "stale"; why: string }
  | { verdict: "notJudged"; why: string };

/** What a gate goes by. */
export interface GateOptions {
  /** What the fixtures must hold under. */
  fix: Subject;
  /** Opens an engine; called again for one that is open already. */
  open: (name: EngineName) => Promise<Engine>;
  /** The most work of one run of a fixture, as `stepWork` counts it. */
  maxWork?: number;
  /** Ends the gate; of the fixture at hand nothing is told. */
  signal?: AbortSignal;
}

/**
 * Replays fixtures without a fix, each of which must still die, and then with it, when none must. One
 * at a time, so that memory does not grow with their number.
 * @throws UsageError when a file is no fixture, or a user's fix does not make a case of its case.
 */
export async function* gateFixtures(
  paths: readonly string[],
  options: GateOptions,
): AsyncGenerator<{ path: string; verdict: GateVerdict }> {
  for (const path of paths) {
    if (options.signal?.aborted) return;
    const verdict = await gateFixture(path, options);
    if (options.signal?.aborted) return;
    yield { path, verdict };
  }
}

async function gateFixture(
  path: string,
  { fix, open, maxWork = MAX_WORK, signal }: GateOptions,
): Promise<GateVerdict> {
  const stored = readFixture(path);
  const name = engineFor(stored.fixture);
  const engine = await available(name, open);
  if (engine === null)
    return { verdict: "notJudged", why: `it reproduces on ${name} only, which is not available here` };
  const { case: testCase, expected } = stored.fixture;
  const maxSteps = stepsWithin(maxWork, testCase, engine);
  if (expected.step > maxSteps)
    return {
      verdict: "notJudged",
      why: `it dies at step ${expected.step}, and ${pastBound(workOfJudging(stored.fixture, engine), maxWork)}`,
    };
  const stop = signal && { signal };
  // A run that has gone past the step at which it should die is stale, however much further it would go.
  const replay = await replayFixture(stored, asItDied(engine, stored), { maxSteps, ...stop });
  if (!replay.reproduced) return { verdict: "stale", why: whyStale(stored.fixture, replay, engine) };
  const judgement = await judgeFix(stored, fix, engine, { maxWork, ...stop });
  switch (judgement.verdict) {
    case "holds":
      return { verdict: "held" };
    case "fails":
      return { verdict: "failed", signature: judgement.signature };
    case "notJudged":
      return judgement;
  }
}

/** The default engine where the fixture reproduces there, or on none known; else one on which it does. */
function engineFor({ expected: { reproducesOn } }: Fixture): EngineName {
  if (reproducesOn.includes(DEFAULT_ENGINE)) return DEFAULT_ENGINE;
  return reproducesOn[0] ?? DEFAULT_ENGINE;
}

async function available(name: EngineName, open: GateOptions["open"]): Promise<Engine | null> {
  try {
    return await open(name);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
