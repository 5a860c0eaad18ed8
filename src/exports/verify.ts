import { rendered } from "./render.ts";
import { type Reproduction, scaled } from "./reproduction.ts";
import type { Runner } from "./runner.ts";
import { runScripts } from "./runScripts.ts";
import { factsOf, otherDeath, type ScriptFacts, type ScriptRun } from "./scriptRun.ts";
import type { Target } from "./target.ts";
import { onWasm, wasmVersion } from "./wasm.ts";

/**
 * Factors for the weights where the framework lives with them as they are. A shrunk fixture dies of the same with
 * its weights a ten-thousandth smaller or larger, so that this is its margin.
 */
const NUDGES = [1, 1.000001, 0.999999, 1.00001, 0.99999, 1.0001, 0.9999] as const;

/** The verdict on a script that was run. */
export type ScriptVerdict =
  /** It dies as the fixture does, with its weights times `factor`. */
  | { kind: "dies"; factor: number }
  /** It does not, whatever the nudge; what the weights as they are do instead. */
  | { kind: "differs"; instead: string }
  | { kind: "cannot run"; error: string };

/** A reproduction that was run, with what was seen of it in its comments. */
export interface VerifiedScript {
  reproduction: Reproduction;
  verdict: ScriptVerdict;
  versions: readonly string[];
  /** The facts that its last run shows. */
  seen: ScriptFacts;
  /** The result on tensorflow.js's backend wasm, in words; null where that was not tried. */
  onWasm: string | null;
}

/**
 * Runs a reproduction's script, and where it does not die as its fixture does, the same with its weights nudged.
 * @throws UsageError as {@link runScripts} does.
 */
export async function verify(
  reproduction: Reproduction,
  target: Target,
  runner: Runner,
): Promise<VerifiedScript> {
  const candidates = NUDGES.map((factor) => ({ factor, nudged: scaled(reproduction, factor) }));
  const isIt = (run: ScriptRun) => otherDeath(reproduction, factsOf(run)) === null;
  const { versions, runs } = await runScripts(
    target,
    candidates.map(({ nudged }) => rendered(nudged, target)),
    runner,
    (run) => isIt(run) || ![0, 1].includes(run.exitCode),
  );
  const [first = { exitCode: 125, stdout: "", error: "it was not run" }] = runs;
  const last = runs.at(-1) ?? first;
  const chosen = isIt(last) ? candidates[runs.length - 1] : undefined;
  const verdict: ScriptVerdict =
    chosen !== undefined
      ? { kind: "dies", factor: chosen.factor }
      : ![0, 1].includes(first.exitCode)
        ? { kind: "cannot run", error: first.error.trim() }
        : { kind: "differs", instead: otherDeath(reproduction, factsOf(first)) ?? "it dies" };
  const written = chosen?.nudged ?? reproduction;
  const wasm = verdict.kind === "cannot run" ? null : await wasmText(written, target, runner);
  const verified = [verdictText(verdict, versions), ...(wasm === null ? [] : [wasm])];
  const seen = factsOf(chosen === undefined ? first : last);
  return { reproduction: { ...written, verified }, verdict, versions, seen, onWasm: wasm };
}

/** Runs the script on the backend wasm, where its package is at hand. */
async function wasmText(reproduction: Reproduction, target: Target, runner: Runner): Promise<string | null> {
  const version = target.tracker === "tfjs" ? wasmVersion() : null;
  if (version === null || runner.signal?.aborted) return null;
  const { runs } = await runScripts(target, [onWasm(rendered(reproduction, target))], runner);
  const [run] = runs;
  const other = run === undefined ? "it cannot run" : otherDeath(reproduction, factsOf(run));
  return `On the backend wasm (@tensorflow/tfjs-backend-wasm ${version}) ${other ?? "it dies so too"}.`;
}

/** A verdict in words, for the script's own comment and for a person. */
export function verdictText(verdict: ScriptVerdict, versions: readonly string[]): string {
  const where = versions.join(", ");
  switch (verdict.kind) {
    case "dies":
      return verdict.factor === 1
        ? `Verified: dies so with ${where}.`
        : `Verified: dies so with ${where}, with the fixture's weights times ${verdict.factor}; with them as they are it does not.`;
    case "differs":
      return `With ${where} ${verdict.instead}, also with its weights a ten-thousandth smaller or larger.`;
    case "cannot run":
      return `Could not run with ${where}.`;
  }
}
