import { dirname } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import { runToDeath } from "../findings/runToDeath.ts";
import { heldTo } from "../fixtures/heldTo.ts";
import { runThatDied, whyNotAgain } from "../fixtures/runThatDied.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Fix } from "../programs/fix.ts";
import type { Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import { type Candidate, compareRemedies, isEnough, type Remedy, saves, shareOf } from "./remedy.ts";
import { type Ground, type Healthy, healthyLosses, onRun, onSeeds, onStep } from "./tries.ts";

/** The remedies against a death, best first, and what they are measured by. */
export interface Remedies {
  signature: string;
  remedies: Remedy[];
  /** Runs of other seeds that live without any remedy. */
  unfixed: { lived: number; of: number };
  healthy: Healthy;
  /** Why nothing was tried on the run that died; null where it was. */
  whyNoRun: string | null;
  /** Remedies of which something could not be judged, and why. */
  notJudged: { fix: string; why: string }[];
}

/** Options of {@link findRemedies}. */
export interface RemedyOptions {
  /** Runs of other seeds that each remedy is tried on. */
  seeds: number;
  /** Remedies of the person's own. */
  own: readonly Fix[];
  signal: StopSignal;
  onPart?: (part: string) => void;
}

/**
 * Tries every known remedy on a death, cheapest first: all on the step, then on the run that died, then on runs of other
 * seeds, then pairs of those that helped and were not enough. What is not reached before the signal is not judged.
 * @returns Null where the signal came before anything was known.
 * @throws UsageError when the fixture does not die here, or its program cannot try remedies.
 */
export async function findRemedies(
  stored: StoredFixture,
  given: Host,
  { seeds, own, signal, onPart = () => {} }: RemedyOptions,
): Promise<Remedies | null> {
  const host = heldTo(given, stored);
  const { program } = host;
  const { trials } = program;
  const refuse = (what: string, hint: string) =>
    new UsageError("NANPROOF_E_REMEDY", `${shellWord(stored.path)}: ${what}`, hint);
  if (trials === undefined)
    throw refuse(
      `the program ${program.name} cannot try remedies`,
      "nanproof gate --subject tries one of your own",
    );
  const { fixture, binary } = stored;
  const files = { folder: dirname(stored.path), ...(binary && { binary }) };
  onPart("how it died");
  const { dead } = await runToDeath(host, fixture.case, files, { signal });
  if (signal.aborted && dead === null) return null;
  if (dead === null)
    throw refuse(`does not die on ${host.name} ${host.version}`, "nanproof replay says what came of it");
  const run = runThatDied(fixture);
  const whyNoRun =
    run === null
      ? "the fixture names no run that it comes from"
      : await whyNotAgain(stored, run, host, { signal });
  const ground: Ground = {
    stored,
    host,
    trials,
    step: dead.fatal.step,
    run: whyNoRun === null ? run : null,
    firstLoss: null,
    seeds,
    signal,
  };
  ground.firstLoss = ground.run && ((await trials.firstLoss?.(host, ground.run.case)) ?? null);
  const candidates: Candidate[] = [];
  const base = ground.run?.case ?? fixture.case;
  for (const fix of await distinct([...program.remedies.fixes, ...trials.more, ...own], base, host))
    candidates.push(await candidateOf([fix], base, host));
  const all = async (
    part: string,
    of: readonly Candidate[],
    act: (candidate: Candidate) => Promise<void>,
  ) => {
    for (const [k, candidate] of of.entries()) {
      if (signal.aborted) return;
      onPart(`${part}: ${candidate.remedy.fix}, ${k + 1} of ${of.length}`);
      await act(candidate);
    }
  };
  await all("on the step", candidates, (one) => onStep(one, ground));
  await all("on the run that died", candidates, (one) => onRun(one, ground));
  onPart("runs of other seeds without a remedy");
  const unfixed = await unfixedSeeds(ground);
  await all("on other seeds", promising(candidates), (one) => onSeeds(one, ground));
  const pairs: Candidate[] = [];
  const made = new Set<string>();
  for (const { fixes } of candidates) made.add(await caseWith(fixes, base));
  for (const pair of pairsOf(candidates, unfixed)) {
    // The second may undo the first.
    const both = await caseWith(pair, base);
    if (!made.has(both)) pairs.push(await candidateOf(pair, base, host));
    made.add(both);
  }
  await all("pairs, on the run that died", pairs, async (one) => {
    await onStep(one, ground);
    await onRun(one, ground);
  });
  await all("pairs, on other seeds", promising(pairs), (one) => onSeeds(one, ground));
  onPart("healthy runs");
  const healthy = await healthyLosses(ground);
  const tried = [...candidates, ...pairs];
  const remedies = tried.map(({ remedy }) => remedy).sort(compareRemedies);
  const notJudged = tried.flatMap(({ remedy, whys }) => [...whys].map((why) => ({ fix: remedy.fix, why })));
  return { signature: dead.fatal.death.signature, remedies, unfixed, healthy, whyNoRun, notJudged };
}

/** Those that change something, and no two that make the same case. */
async function distinct(fixes: readonly Fix[], base: unknown, host: Host): Promise<Fix[]> {
  const seen = new Set([JSON.stringify(base)]);
  const kept: Fix[] = [];
  for (const fix of fixes) {
    const made = JSON.stringify(await fix.apply(base));
    if (seen.has(made) || host.program.remedies.scopesOf(base, JSON.parse(made)).length === 0) continue;
    seen.add(made);
    kept.push(fix);
  }
  return kept;
}

async function caseWith(fixes: readonly Fix[], base: unknown): Promise<string> {
  let fixed = base;
  for (const fix of fixes) fixed = await fix.apply(fixed);
  return JSON.stringify(fixed);
}

async function candidateOf(fixes: readonly Fix[], base: unknown, { program }: Host): Promise<Candidate> {
  const fixed: unknown = JSON.parse(await caseWith(fixes, base));
  const remedy: Remedy = {
    fix: fixes.map(({ name }) => name).join(" + "),
    step: "notJudged",
    run: null,
    seeds: null,
    loss: null,
    validationLoss: null,
    skipped: null,
    changesWhatIsTrained: program.remedies.changesWhatIsTrained?.(base, fixed) ?? false,
  };
  return { fixes, remedy, whys: new Set() };
}

/** In the order in which they look best so far; what has helped neither step nor run is left out. */
function promising(candidates: readonly Candidate[]): Candidate[] {
  const tried = candidates.filter(({ remedy }) => saves(remedy));
  return tried.sort((a, b) => compareRemedies(a.remedy, b.remedy));
}

async function unfixedSeeds(ground: Ground): Promise<Remedies["unfixed"]> {
  if (ground.run === null) return { lived: 0, of: 0 };
  const without = await candidateOf([], ground.run.case, ground.host);
  await onSeeds(without, ground);
  return without.remedy.seeds ?? { lived: 0, of: 0 };
}

/** Pairs of which each helped, and neither was enough: it saved the step or the run, or more seeds than live without it. */
function pairsOf(candidates: readonly Candidate[], { lived, of }: Remedies["unfixed"]): Fix[][] {
  const unfixed = of === 0 ? 0 : lived / of;
  const helped = candidates.filter(
    ({ remedy }) => !isEnough(remedy) && (saves(remedy) || shareOf(remedy) > unfixed) && remedy.run !== null,
  );
  return helped.flatMap(({ fixes: first }, k) =>
    helped.slice(k + 1).map(({ fixes: second }) => [...first, ...second]),
  );
}
