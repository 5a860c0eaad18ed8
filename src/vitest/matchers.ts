import { readFileSync } from "node:fs";
import { isUnwritten } from "../documents/writeWhole.ts";
import { boundedGradients } from "../invariants/boundedGradients.ts";
import { finiteGradients } from "../invariants/finiteGradients.ts";
import { finiteLoss } from "../invariants/finiteLoss.ts";
import { finiteWeights } from "../invariants/finiteWeights.ts";
import type { Invariant, Verdict } from "../invariants/invariant.ts";
import { notStalled } from "../invariants/notStalled.ts";
import { checkedCase } from "../library/testCases.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { CONFIRMING_ENGINE, type Engine } from "../programs/lstm/engines/engine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { run } from "../programs/lstm/engines/run.ts";
import { shownPath } from "../reporters/shownPath.ts";
import { checkedInvariant, checkedLimit, checkedOptions, type MatcherOptions } from "./arguments.ts";
import { fixturePath } from "./fixturePath.ts";
import { keepDeath } from "./keepDeath.ts";
import type { Context, Unawaited } from "./unawaited.ts";

/** Milliseconds that a test that failed may take to shrink its fixture, and to confirm it. */
const SHRINK_MS = 10_000;
const HOOK_MS = 60_000;

/** The result of a matcher, as vitest takes it. */
interface Result {
  pass: boolean;
  message: () => string;
}

/**
 * The matchers, for `expect.extend`. Each runs the case that it is given, so it is to be awaited.
 * @param unawaited Fails a test that does not wait.
 */
export function matchers(unawaited: Unawaited) {
  return {
    toHold(this: Context, testCase: TrainingCase, invariant: Invariant, options: MatcherOptions = {}) {
      return unawaited.watch(this, "toHold", async (signal) =>
        judge(this, testCase, [checkedInvariant(invariant)], options, signal),
      );
    },
    toStayFinite(this: Context, testCase: TrainingCase, options: MatcherOptions = {}) {
      const invariants = [finiteLoss, finiteGradients, finiteWeights, notStalled];
      return unawaited.watch(this, "toStayFinite", (signal) =>
        judge(this, testCase, invariants, options, signal),
      );
    },
    toHaveBoundedGradients(
      this: Context,
      testCase: TrainingCase,
      limit: number,
      options: MatcherOptions = {},
    ) {
      return unawaited.watch(this, "toHaveBoundedGradients", async (signal) =>
        judge(this, testCase, [boundedGradients(checkedLimit(limit))], options, signal),
      );
    },
  };
}

async function judge(
  context: Context,
  given: TrainingCase,
  invariants: readonly Invariant[],
  options: MatcherOptions,
  signal: AbortSignal,
): Promise<Result> {
  const testCase = checkedCase(given);
  const { engine: name, out } = checkedOptions(options);
  const engine = await openEngine(name);
  const trajectory = await run(testCase, { engine, signal });
  const verdicts = invariants.map((invariant) => ({
    invariant,
    verdict: invariant.check(trajectory, testCase),
  }));
  const broken =
    verdicts.find(({ verdict }) => verdict.status === "violated") ??
    verdicts.find(({ verdict }) => verdict.status === "inconclusive");
  if (broken === undefined)
    return { pass: true, message: () => `expected the run not to hold: ${names(invariants)}` };
  const lines = [sentence(broken.invariant, broken.verdict)];
  if (trajectory.status === "failed" && !context.isNot && !signal.aborted)
    lines.push(...(await keep(engine, testCase, fixturePath(out, context.currentTestName), context)));
  return { pass: false, message: () => lines.join("\n") };
}

/**
 * Writes the death at once, only trimmed: a property that shrinks calls this for each case that fails, the smallest
 * last. Shrinks it after the test, where the file still holds what this call wrote.
 * @returns Lines about the fixture, for the test's message.
 */
async function keep(
  engine: Engine,
  testCase: TrainingCase,
  path: string,
  { task }: Context,
): Promise<string[]> {
  const trimmed = { path, shrinking: { kind: "none" }, others: [] } as const;
  try {
    if (!(await keepDeath(engine, testCase, trimmed)))
      return ["no fixture was written: taken out of its run, the fatal step does not die"];
  } catch (error) {
    if (!isUnwritten(error)) throw error;
    return [`no fixture was written: ${error.message}; ${error.hint}`];
  }
  const written = readFileSync(path, "utf8");
  task?.context.onTestFailed(async () => {
    if (readFileSync(path, "utf8") !== written) return;
    const others = engine.name === CONFIRMING_ENGINE ? [] : [await openEngine(CONFIRMING_ENGINE)];
    const shrinking = { kind: "passes", budget: { ms: SHRINK_MS } } as const;
    await keepDeath(engine, testCase, { path, shrinking, others });
  }, HOOK_MS);
  const shown = shownPath(path);
  return [
    `its last step is kept, as small as it would go, in ${shown}`,
    `replay it: npx nanproof replay ${shown}`,
  ];
}

const names = (invariants: readonly Invariant[]) => invariants.map(({ name }) => name).join(", ");

function sentence({ name }: Invariant, verdict: Verdict): string {
  if (verdict.status === "violated") {
    const death = verdict.signature === null ? "" : ` (${verdict.signature})`;
    return `${name}: violated at step ${verdict.step}${death}: ${verdict.message}`;
  }
  return `${name}: ${verdict.status === "inconclusive" ? `not known: ${verdict.reason}` : "holds"}`;
}
