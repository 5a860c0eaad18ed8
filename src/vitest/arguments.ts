import * as z from "zod";
import { UsageError } from "../documents/errors.ts";
import { shown } from "../documents/fieldName.ts";
import type { Invariant, Verdict } from "../invariants/invariant.ts";
import { checked, isObject, path, thing } from "../library/check.ts";
import { engineName } from "../library/engines.ts";
import { DEFAULT_ENGINE, type EngineName } from "../programs/lstm/engines/engine.ts";

/** Options of the matchers. */
export interface MatcherOptions {
  /** The explorer by default. */
  engine?: EngineName;
  /** Folder of the fixture; nanproof-findings by default. */
  out?: string;
}

const options = z.strictObject({ engine: engineName.optional(), out: path.optional() });
const invariants = thing<Invariant>(
  (value) => isObject(value) && typeof value.name === "string" && typeof value.check === "function",
  "an invariant: a name and a function check",
);
const VERDICTS: readonly unknown[] = ["holds", "violated", "inconclusive"] satisfies Verdict["status"][];

/** Options with their defaults. @throws UsageError when one is not what it should be. */
export function checkedOptions(given: MatcherOptions): Required<MatcherOptions> {
  const { engine = DEFAULT_ENGINE, out = "nanproof-findings" } = checked(options, given, "options");
  return { engine, out };
}

/** A limit of the gradient norm. @throws UsageError when it is no number over 0. */
export function checkedLimit(limit: unknown): number {
  return checked(z.number().gt(0), limit, "limit");
}

/** An invariant whose verdict is one. @throws UsageError when it is no invariant; so does `check` when it gives no verdict. */
export function checkedInvariant(given: Invariant): Invariant {
  const invariant = checked(invariants, given, "invariant");
  return {
    name: invariant.name,
    check: (trajectory, testCase) => {
      const verdict: unknown = invariant.check(trajectory, testCase);
      if (isObject(verdict) && VERDICTS.includes(verdict.status)) return verdict as Verdict;
      throw new UsageError(
        "NANPROOF_E_ARGUMENT",
        `invariant ${shown(invariant.name)}: its check gave ${shown(verdict)}: give a verdict, { status: "holds" } or one of a violation`,
        "look at the type Verdict",
      );
    },
  };
}
