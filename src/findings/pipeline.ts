import { measureFixes } from "../fixtures/judge.ts";
import type { Diagnosis } from "../programs/death.ts";
import type { DyingStep } from "../programs/pass.ts";
import type { Host } from "../programs/program.ts";
import { DEFAULT_INVARIANTS, type Violation } from "../programs/stepInvariant.ts";
import { isAllFinite, type StepRecord } from "../programs/stepRecord.ts";
import { type ResumedShrink, resumeShrink } from "../shrink/resume.ts";
import { type ShrinkOptions, type ShrunkStep, shrinkStep, trimStep } from "../shrink/shrinkStep.ts";
import { outcomeOn, seenOn } from "./confirm.ts";
import { bareFixture, type Finding, type Origin } from "./finding.ts";

/** The way to make a finding smaller: trimmed alone (`none`), or pass by pass until nothing more goes. */
export type Shrinking<Step = unknown, D extends Diagnosis = Diagnosis> =
  | { kind: "none"; options?: ShrinkOptions<Step, D> }
  | ({ kind: "passes" /** To go on from. */; resume?: ResumedShrink<Step> } & ShrinkOptions<Step, D>);

/** A death that is to become a fixture. */
export interface FindingOrder<Step = unknown, D extends Diagnosis = Diagnosis> {
  /** The host that it was found on. */
  host: Host<unknown, Step, D>;
  /** The fatal step, cut out of its run. */
  captured: Step;
  death: D;
  provenance: Origin;
  /** Opens the hosts to confirm the death on; called when there is something to confirm. */
  others: () => Promise<readonly Host<unknown, Step, D>[]>;
  shrinking: Shrinking<Step, D>;
  /** True where the step is handed out whole and then trimmed first, for whoever writes what there is at once. */
  draft?: boolean;
}

/** A stage on the way from a death to its fixture. */
export type Stage<Step = unknown, D extends Diagnosis = Diagnosis> =
  /** As it was cut out, not run again: what its run has shown is all that is known. */
  | { kind: "whole"; finding: Finding<Step, D> }
  /** Without what it does not need, run again by itself. */
  | { kind: "trimmed"; finding: Finding<Step, D> }
  | { kind: "shrunk"; finding: Finding<Step, D> }
  | { kind: "confirming"; on: readonly string[] }
  | { kind: "confirmed"; finding: Finding<Step, D> }
  | { kind: "tryingFixes" }
  /** Complete. `of` says whether it is the death itself or another bug that was met while shrinking. */
  | { kind: "done"; of: "death" | "slip"; finding: Finding<Step, D> }
  /** Another bug is made smaller from now on. */
  | { kind: "slip"; signature: string }
  /** Taken out of its run the step does not die of its signature: there is nothing to keep. */
  | { kind: "gone" };

/** Steps with more written numbers are not tried with the known fixes, which would take seconds each. */
const MAX_NUMBERS_WITH_FIXES = 1_000_000;

/**
 * Makes fixtures of a death: the one room for it. Each stage is handed out as it is reached, so that the caller writes,
 * reports or stops as it likes; nothing is written here.
 */
export async function* findingStages<Step, D extends Diagnosis>(
  order: FindingOrder<Step, D>,
): AsyncGenerator<Stage<Step, D>> {
  const start = performance.now();
  const death = yield* deathStages(placed(order));
  if (death === null) {
    yield { kind: "gone" };
    return;
  }
  yield { kind: "done", of: "death", finding: death };
  yield* slipStages(order, death, start);
}

/** Adds to the order's origin the place of the data that caused the death, if there is one; a place known before stays. */
function placed<Step, D extends Diagnosis>(order: FindingOrder<Step, D>): FindingOrder<Step, D> {
  const { host, death, provenance } = order;
  const place = provenance.place ?? host.program.dataPlace?.(death) ?? null;
  return place === null ? order : { ...order, provenance: { ...provenance, place } };
}

/** The complete finding of a death; null where it does not die by itself. */
export async function findingOf<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  captured: Step,
  death: D,
  provenance: Origin,
  others: readonly Host<unknown, Step, D>[],
  shrinking: Shrinking<Step, D> = { kind: "passes" },
): Promise<Finding<Step, D> | null> {
  const order = { host, captured, death, provenance, others: async () => others, shrinking };
  for await (const stage of findingStages(order)) if (stage.kind === "done") return stage.finding;
  return null;
}

/** The stages of the death itself; null where there is nothing to keep. */
async function* deathStages<Step, D extends Diagnosis>(
  order: FindingOrder<Step, D>,
): AsyncGenerator<Stage<Step, D>, Finding<Step, D> | null> {
  const { shrinking, draft = false } = order;
  if (draft) yield { kind: "whole", finding: await wholeFinding(order) };
  const trimmed = draft || shrinking.kind === "none" ? await bareFinding(order, trimming(shrinking)) : null;
  if (trimmed !== null) yield { kind: "trimmed", finding: trimmed };
  else if (draft) return null;
  const shrunk = shrinking.kind === "passes" ? await bareFinding(order, shrinking) : null;
  const best = smaller(trimmed, shrunk);
  if (best === null) return null;
  if (shrunk !== null) yield { kind: "shrunk", finding: best };
  const confirmed = yield* confirmedStages(order, best);
  return yield* fixedStages(order, confirmed);
}

/** Trimming alone, within the budget of a shrink. */
function trimming<Step, D extends Diagnosis>(shrinking: Shrinking<Step, D>): Shrinking<Step, D> {
  if (shrinking.kind === "none") return shrinking;
  const { kind: _, resume: __, ...options } = shrinking;
  return { kind: "none", options };
}

function smaller<F extends Finding>(trimmed: F | null, shrunk: F | null): F | null {
  if (trimmed === null || shrunk === null) return shrunk ?? trimmed;
  if (shrunk.fixture.size.numbers <= trimmed.fixture.size.numbers) return shrunk;
  return { ...trimmed, slips: shrunk.slips };
}

/** A captured step as it is, whole and not run again. */
async function wholeFinding<Step, D extends Diagnosis>({
  host,
  captured,
  death,
  provenance,
}: FindingOrder<Step, D>): Promise<Finding<Step, D>> {
  const { program } = host;
  const step = program.alone(captured);
  const written = program.stepCase(step);
  const sentence = await program.stepSentence(step, death, null);
  const known = { step, death, sentence, minimal: false, digest: null };
  const fixture = bareFixture(host, captured, known, written, provenance);
  return {
    fixture,
    ...(written.binary && { binary: written.binary }),
    before: fixture.size,
    candidates: 0,
    slips: [],
  };
}

/** The finding as its own host alone knows it, fixes untried; null where what is written does not die of the same. */
async function bareFinding<Step, D extends Diagnosis>(
  { host, captured, death, provenance }: FindingOrder<Step, D>,
  shrinking: Shrinking<Step, D>,
): Promise<Finding<Step, D> | null> {
  const { program } = host;
  const whole = program.alone(captured);
  const shrunk = await shrinkAs(host, { step: whole, death }, shrinking);
  if (shrunk === null) return null;
  const { step, minimal, candidates, slips } = shrunk;
  const written = program.stepCase(step);
  const { diagnosis, digest } = await outcomeOn(host, written.case, filesOf(written));
  if (diagnosis?.signature !== death.signature) return null;
  const sentence = await program.stepSentence(step, diagnosis, host);
  const known = { step, death: diagnosis, sentence, minimal, digest };
  const fixture = bareFixture(host, captured, known, written, provenance);
  const before = program.stepSize(whole);
  return { fixture, ...(written.binary && { binary: written.binary }), before, candidates, slips };
}

async function shrinkAs<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  dying: DyingStep<Step, D>,
  shrinking: Shrinking<Step, D>,
): Promise<ShrunkStep<Step, D> | null> {
  if (shrinking.kind === "none") return trimStep(host, dying, shrinking.options);
  const { kind: _, resume, ...options } = shrinking;
  const resumed = resume && (await resumeShrink(host, dying.death, resume, options));
  return resumed ?? shrinkStep(host, dying, options);
}

async function* confirmedStages<Step, D extends Diagnosis>(
  { host, others: open }: FindingOrder<Step, D>,
  bare: Finding<Step, D>,
): AsyncGenerator<Stage<Step, D>, Finding<Step, D>> {
  const opened = await open();
  const others = opened.map((other) => ({ ...other, invariants: host.invariants ?? DEFAULT_INVARIANTS }));
  if (others.length > 0) yield { kind: "confirming", on: others.map(({ name }) => name) };
  const { case: testCase, expected } = bare.fixture;
  const seen = [];
  for (const other of others) seen.push(await outcomeOn(other, testCase, filesOf(bare)));
  for (const other of opened) await other.close?.();
  const { hostNames } = host.program;
  const elsewhere = seenOn(
    hostNames,
    seen,
    ({ diagnosis }) => diagnosis?.signature === expected.signature,
    ({ diagnosis }) => (diagnosis ? `dies of ${diagnosis.signature}` : "stays finite"),
  );
  const fixture: Finding["fixture"] = {
    ...bare.fixture,
    expected: {
      ...expected,
      ...elsewhere,
      reproducesOn: hostNames.filter((name) =>
        [...elsewhere.reproducesOn, ...expected.reproducesOn].some((known) => known === name),
      ),
      digests: { ...elsewhere.digests, ...expected.digests },
      versions: { ...elsewhere.versions, ...expected.versions },
    },
  };
  const finding = { ...bare, fixture };
  yield { kind: "confirmed", finding };
  return finding;
}

async function* fixedStages<Step, D extends Diagnosis>(
  { host }: FindingOrder<Step, D>,
  finding: Finding<Step, D>,
): AsyncGenerator<Stage<Step, D>, Finding<Step, D>> {
  const { fixture, binary } = finding;
  const isTooLarge = fixture.size.numbers > MAX_NUMBERS_WITH_FIXES;
  if (isTooLarge || host.program.remedies.fixes.length === 0) return finding;
  yield { kind: "tryingFixes" };
  const fixes = await measureFixes({ path: ".", fixture, ...(binary && { binary }) }, host);
  return { ...finding, fixture: { ...fixture, fixes } };
}

/**
 * Other bugs that were met while a death was made smaller, and while these were; one fixture for each signature. Their
 * provenance is the death's: they come out of the same captured step.
 */
async function* slipStages<Step, D extends Diagnosis>(
  order: FindingOrder<Step, D>,
  death: Finding<Step, D>,
  start: number,
): AsyncGenerator<Stage<Step, D>> {
  const seen = new Set([order.death.signature]);
  const waiting = [...death.slips];
  for (let slip = waiting.shift(); slip !== undefined; slip = waiting.shift()) {
    const { signature } = slip.death;
    if (seen.has(signature)) continue;
    seen.add(signature);
    yield { kind: "slip", signature };
    const shrinking = within(order.shrinking, performance.now() - start);
    // Rows may have gone before it was met: the place of its data is not known.
    const { place: _, ...provenance } = order.provenance;
    const own = { ...order, captured: slip.step, death: slip.death, provenance, shrinking, draft: false };
    const finding = yield* deathStages(own);
    if (finding === null) continue;
    yield { kind: "done", of: "slip", finding };
    waiting.push(...finding.slips);
  }
}

/** The shrinking, with the time that is left after so many milliseconds; trimming alone where none is. */
function within<Step, D extends Diagnosis>(shrinking: Shrinking<Step, D>, spent: number): Shrinking<Step, D> {
  if (shrinking.kind === "none") return shrinking;
  const { resume: _, budget, ...options } = shrinking;
  if (budget?.ms === undefined) return { ...options, ...(budget && { budget }) };
  const ms = budget.ms - spent;
  return ms > 0 ? { ...options, budget: { ...budget, ms } } : { kind: "none" };
}

function filesOf({ binary }: { binary?: Uint8Array }) {
  return { folder: ".", ...(binary && { binary }) };
}

/** The record of the step that ended a run, and the invariant that it broke. */
export interface FatalStep {
  record: StepRecord;
  violation: Violation;
}

/**
 * The finding of a step the moment it has killed its run: to be on disk before its cause is looked for, which may take
 * seconds. `nanproof replay --update` looks for it later.
 */
export function unexaminedFinding<Step, D extends Diagnosis>(
  host: Host<unknown, Step, D>,
  captured: Step,
  { record, violation }: FatalStep,
  provenance: Origin,
): Finding<Step, D> {
  const { program } = host;
  const step = program.alone(captured);
  const written = program.stepCase(step);
  // What is finite everywhere has no cause to look for: the invariant says all.
  const death = isAllFinite(record) ? program.violation(violation) : program.unexamined(step, record);
  const sentence =
    "a step that killed its run; its cause was not looked for yet, which nanproof replay --update does";
  const known = { step, death, sentence, minimal: false, digest: null };
  const fixture = bareFixture(host, captured, known, written, provenance);
  const binary = written.binary && { binary: written.binary };
  return { fixture, ...binary, before: fixture.size, candidates: 0, slips: [] };
}
