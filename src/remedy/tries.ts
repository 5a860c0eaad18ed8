import { dirname } from "node:path";
import { rerun } from "../fixtures/replay.ts";
import type { RunThatDied } from "../fixtures/runThatDied.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Fix } from "../programs/fix.ts";
import type { Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import type { Trial, Trials } from "../programs/trial.ts";
import type { Candidate } from "./remedy.ts";

/** What remedies of a death are tried on. */
export interface Ground {
  stored: StoredFixture;
  host: Host;
  trials: Trials;
  /** The fatal step. */
  step: unknown;
  /** The run that died; null where it is not at hand. */
  run: RunThatDied | null;
  /** Runs of other seeds that are looked at. */
  seeds: number;
  signal: StopSignal;
}

/** Losses of runs of the same case that live without a remedy. */
export interface Healthy {
  runs: number;
  loss: number | null;
  validationLoss: number | null;
}

/** A run lives that lives so many times the steps it took to die; on other seeds, so many. */
const TIMES = 10;
const SEED_TIMES = 3;
/** Healthy runs that losses are compared with. */
const HEALTHY_RUNS = 5;

/** Tries a remedy on the fatal step by itself. One that acts through training alone cannot be judged there. */
export async function onStep({ fixes, remedy }: Candidate, { host, step }: Ground): Promise<void> {
  const { program } = host;
  const { case: testCase, binary } = program.stepCase(step);
  const fixed = program.remedies.judged(await applied(fixes, testCase));
  const scopes = program.remedies.scopesOf(testCase, fixed);
  if (fixes.every(({ acts }) => acts === "training") || !scopes.includes("step")) {
    if (!scopes.includes("training")) remedy.step = "fails";
    return;
  }
  const { trajectory } = await rerun(host, fixed, { folder: ".", ...(binary && { binary }) });
  if (trajectory.status !== "interrupted") remedy.step = trajectory.status === "failed" ? "fails" : "holds";
}

/** Tries a remedy on the run that died, over ten times its steps. */
export async function onRun({ fixes, remedy }: Candidate, ground: Ground): Promise<void> {
  const { run } = ground;
  if (run === null) return;
  const { lives, steps, loss, validationLoss, skipped } = await trained(
    ground,
    fixes,
    run.case,
    TIMES * run.step,
  );
  if (lives === null) return;
  remedy.run = { lives, steps };
  remedy.loss = known(loss);
  remedy.validationLoss = known(validationLoss);
  remedy.skipped = skipped;
}

/** Tries a remedy on runs of other seeds; of a search that is ended in the midst nothing is told. */
export async function onSeeds({ fixes, remedy }: Candidate, ground: Ground): Promise<void> {
  const { run, seeds } = ground;
  if (run === null || !hasSeeds(ground)) return;
  let lived = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const { lives } = await trained(ground, fixes, siblingOf(ground, run, seed), SEED_TIMES * run.step);
    if (lives === null) return;
    if (lives) lived += 1;
  }
  remedy.seeds = { lived, of: seeds };
}

/** Looks for runs of other seeds that live ten times the steps without a remedy. */
export async function healthyLosses(ground: Ground): Promise<Healthy> {
  const { run, seeds } = ground;
  const found: Trial[] = [];
  for (
    let seed = 1;
    run !== null && hasSeeds(ground) && seed <= 2 * seeds && found.length < HEALTHY_RUNS;
    seed++
  ) {
    const trial = await trained(ground, [], siblingOf(ground, run, seed), TIMES * run.step);
    if (trial.lives === null) break;
    if (trial.lives) found.push(trial);
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
  return {
    runs: found.length,
    loss: median(found.map(({ loss }) => loss)),
    validationLoss: median(found.map(({ validationLoss }) => validationLoss)),
  };
}

function hasSeeds({ host }: Ground): boolean {
  return host.program.remedies.sibling !== undefined;
}

function siblingOf({ host }: Ground, { case: testCase }: RunThatDied, seed: number): unknown {
  return host.program.remedies.sibling?.(testCase, `remedy/${seed}`);
}

async function trained(
  { stored, host, trials, signal }: Ground,
  fixes: readonly Fix[],
  testCase: unknown,
  steps: number,
): Promise<Trial> {
  const before = host.program.runShrinking.withSteps(testCase, steps);
  const fixed = host.program.runShrinking.withSteps(await applied(fixes, before), steps);
  const { path, binary } = stored;
  return trials.run(host, { fixed, before }, { folder: dirname(path), ...(binary && { binary }) }, signal);
}

async function applied(fixes: readonly Fix[], testCase: unknown): Promise<unknown> {
  let fixed = testCase;
  for (const fix of fixes) fixed = await fix.apply(fixed);
  return fixed;
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
