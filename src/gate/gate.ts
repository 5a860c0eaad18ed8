import { UsageError } from "../documents/errors.ts";
import { asItDied } from "../fixtures/heldTo.ts";
import { judgeFix, pastBound, workOfJudging } from "../fixtures/judge.ts";
import { replayFixture } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import { readFixture, type StoredFixture } from "../fixtures/store.ts";
import type { Fix } from "../programs/fix.ts";
import type { ProgramHost } from "../programs/process/program.ts";
import type { Host } from "../programs/program.ts";
import { programOf } from "../programs/registry.ts";
import { MAX_WORK, stepsWithin } from "../programs/work.ts";
import { gateProgramFixture } from "./programGate.ts";
import { whyStale } from "./stale.ts";
import type { GateVerdict } from "./verdict.ts";

/** Options of a gate. */
export interface GateOptions {
  /** The fix that the fixtures must hold under. */
  fix: Fix;
  /** Opens a host; called again for one that is open already. */
  open: (name: string) => Promise<Host>;
  /** The person's programs by their files' names: a fixture of one is judged on its code of today, without the fix. */
  programs?: ReadonlyMap<string, ProgramHost>;
  /** The most work of one run of a fixture, as `stepWork` counts it. */
  maxWork?: number;
  /** Ends the gate; the fixture at hand is left out. */
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
): AsyncGenerator<GatedFixture> {
  for (const path of paths) {
    if (options.signal?.aborted) return;
    const stored = readFixture(path);
    const verdict = await gateFixture(stored, options);
    if (options.signal?.aborted) return;
    yield { path, program: stored.fixture.program?.name ?? null, verdict };
  }
}

/** The result of gating a fixture. */
export interface GatedFixture {
  path: string;
  /** The name of the person's file that it is of; null of a fixture of the LSTM. */
  program: string | null;
  verdict: GateVerdict;
}

async function gateFixture(
  stored: StoredFixture,
  { fix, open, programs = new Map(), maxWork = MAX_WORK, signal }: GateOptions,
): Promise<GateVerdict> {
  const { program: file } = stored.fixture;
  if (file !== undefined) {
    const program = programs.get(file.name);
    return program === undefined
      ? { kind: "notJudged", why: `no --program named ${file.name}` }
      : gateProgramFixture(stored, program);
  }
  const name = hostFor(stored.fixture);
  const host = await available(name, open);
  if (host === null)
    return { kind: "notJudged", why: `it reproduces on ${name} only, which is not available here` };
  const { case: testCase, expected } = stored.fixture;
  const maxSteps = stepsWithin(maxWork, testCase, host);
  if (expected.step > maxSteps)
    return {
      kind: "notJudged",
      why: `it dies at step ${expected.step}, and ${pastBound(workOfJudging(stored.fixture, host), maxWork)}`,
    };
  const stop = signal && { signal };
  // A run that has gone past the step at which it should die is stale, however much further it would go.
  const replay = await replayFixture(stored, asItDied(host, stored), { maxSteps, ...stop });
  if (!replay.reproduced) return { kind: "stale", why: whyStale(stored.fixture, replay, host) };
  const judgement = await judgeFix(stored, fix, host, { maxWork, ...stop });
  switch (judgement.verdict) {
    case "holds":
      return { kind: "held" };
    case "fails":
      return { kind: "failed", signature: judgement.signature };
    case "notJudged":
      return { kind: "notJudged", why: judgement.why };
  }
}

/** The program's first host where the fixture reproduces there, or on none known; else one on which it does. */
function hostFor(fixture: Fixture): string {
  const { reproducesOn } = fixture.expected;
  const [first = ""] = programOf(fixture).hostNames;
  return reproducesOn.includes(first) ? first : (reproducesOn[0] ?? first);
}

async function available(name: string, open: GateOptions["open"]): Promise<Host | null> {
  try {
    return await open(name);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
