import { dirname } from "node:path";
import { rerun } from "../fixtures/replay.ts";
import type { RunThatDied } from "../fixtures/runThatDied.ts";
import type { StoredFixture } from "../fixtures/store.ts";
import type { Fix } from "../programs/fix.ts";
import type { Host } from "../programs/program.ts";
import type { StopSignal } from "../programs/run.ts";
import type { Trial, Trials } from "../programs/trial.ts";
import type { Candidate } from "./remedy.ts";

/** The step and the runs that remedies of a death are tried on. */
export interface Ground {
  stored: StoredFixture;
  host: Host;
  trials: Trials;
  /** The fatal step. */
  step: unknown;
  /** The run that died; null where it is not at hand. */
  run: RunThatDied | null;
  /** The loss of its first step, where a program tells it; null where that is not known. */
  firstLoss: number | null;
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
export async function onStep({ fixes, remedy, whys }: Candidate, ground: Ground): Promise<void> {
  const { host, step, trials } = ground;
  const { program } = host;
  const { case: testCase, binary } = program.stepCase(step);
  const fixed = program.remedies.judged(await applied(fixes, testCase));
  const scopes = program.remedies.scopesOf(testCase, fixed);
  if (fixes.every(({ acts }) => acts === "training") || !scopes.includes("step")) {
    if (!scopes.includes("training")) remedy.step = "fails";
    return;
  }
  if (trials.step !== undefined) {
    const tried = await trials.step(host, fixed, { ...(binary && { binary }) });
    if ("why" in tried) whys.add(tried.why);
    else remedy.step = tried.holds ? "holds" : "fails";
    return;
  }
  const { trajectory } = await rerun(host, fixed, { folder: ".", ...(binary && { binary }) });
  if (trajectory.status !== "interrupted") remedy.step = trajectory.status === "failed" ? "fails" : "holds";
}

/** Tries a remedy on the run that died, over ten times its steps. */
export async function onRun({ fixes, remedy, whys }: Candidate, ground: Ground): Promise<void> {
  const { run } = ground;
  if (run === null) return;
  const trial = await trained(ground, fixes, run.case, TIMES * run.step);
  const { lives, steps, loss, validationLoss, skipped, why } = trial;
  if (why !== undefined) whys.add(why);
  if (lives === null) return;
  remedy.run = { lives, steps };
  remedy.loss = known(loss);
  remedy.validationLoss = known(validationLoss);
  remedy.skipped = skipped;
  if (await isOtherTask(fixes, ground, run)) remedy.changesWhatIsTrained = true;
}

/** Relative difference of the losses of a run's first step from which what is trained counts as something else. */
const OTHER_LOSS = 0.01;

/** True where a remedy makes another loss of the first step, before anything is trained. */
async function isOtherTask(fixes: readonly Fix[], ground: Ground, run: RunThatDied): Promise<boolean> {
  const { firstLoss, host, trials } = ground;
  if (firstLoss === null || !Number.isFinite(firstLoss)) return false;
  const other = (await trials.firstLoss?.(host, await applied(fixes, run.case))) ?? Number.NaN;
  return Math.abs(other - firstLoss) > OTHER_LOSS * Math.abs(firstLoss);
}

/** Tries a remedy on runs of other seeds; a search that is ended in the midst leaves no result. */
export async function onSeeds({ fixes, remedy, whys }: Candidate, ground: Ground): Promise<void> {
  const { run, seeds } = ground;
  if (run === null || !hasSeeds(ground)) return;
  let lived = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const trial = await trained(ground, fixes, siblingOf(ground, run, seed), SEED_TIMES * run.step);
    const { lives, why } = trial;
    if (why !== undefined) whys.add(why);
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
  const median = (values: number[]) =>
    values.filter(Number.isFinite).sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
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
  { stored, host, trials, run, signal }: Ground,
  fixes: readonly Fix[],
  testCase: unknown,
  steps: number,
): Promise<Trial> {
  const { runShrinking } = host.program;
  const before = runShrinking.withSteps(testCase, steps);
  const fixed = runShrinking.withSteps(await applied(fixes, before), steps);
  const { path, binary } = stored;
  const files = { folder: dirname(path), ...(binary && { binary }) };
  const ofSteps = runShrinking.stepsOf(testCase);
  const trial = await trials.run(host, { fixed, before, ofSteps }, files, signal);
  if (trial.lives !== true || run === null || trial.steps > run.step || steps <= run.step) return trial;
  const why = `it ends by itself after ${trial.steps} steps, and the run died at step ${run.step}`;
  return { ...trial, lives: null, why };
}

async function applied(fixes: readonly Fix[], testCase: unknown): Promise<unknown> {
  let fixed = testCase;
  for (const fix of fixes) fixed = await fix.apply(fixed);
  return fixed;
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
