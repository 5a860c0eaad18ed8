import { isDeepStrictEqual } from "node:util";
import { shown } from "../../../documents/fieldName.ts";
import { describeIssues } from "../../../documents/schemaIssues.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";
import type { FixAnswer } from "./fixMessages.ts";

type Refused = FixAnswer & { kind: "refused" };
type FixFunction = (testCase: unknown) => unknown;

const EXAMPLE =
  "export a function from a case to a case: export const fix = (c) => ({ ...c, model: { ...c.model, cellClip: 50 } })";
/** Longest part of a stranger's message that is handed on. */
const LONGEST = 500;

/** Loads a module and takes its function `fix`; a refused answer where it cannot be loaded or exports none. */
export async function importFix(url: string): Promise<FixFunction | Refused> {
  let exported: Record<string, unknown>;
  try {
    exported = (await import(url)) as Record<string, unknown>;
  } catch (error) {
    return refused(`cannot be loaded: ${reason(error)}`);
  }
  const { fix } = exported;
  if (typeof fix === "function") return fix as FixFunction;
  const names = Object.keys(exported).slice(0, 5).join(", ") || "nothing";
  return refused(
    "fix" in exported ? `exports fix as ${words(() => shown(fix))}` : `exports no fix, but ${names}`,
  );
}

/**
 * Applies a user's fix to a case. It is given a copy, so that it cannot change the case, and called twice, so that chance
 * shows. Whatever it makes, be it an object whose properties throw, ends in a valid case or a refusal.
 */
export function applyFix(fix: FixFunction, testCase: TrainingCase): FixAnswer & { kind: "made" | "refused" } {
  const made: unknown[] = [];
  for (const _ of ["once", "again"])
    try {
      made.push(fix(structuredClone(testCase)));
    } catch (error) {
      return refused(`fix threw: ${reason(error)}`);
    }
  try {
    return judged(made[0], made[1]);
  } catch (error) {
    return refused(`what fix made cannot be read: ${reason(error)}`);
  }
}

function judged(made: unknown, again: unknown): FixAnswer & { kind: "made" | "refused" } {
  if (isPromise(made)) {
    // Nobody awaits them: a rejected one would end the process.
    for (const promise of [made, again]) Promise.resolve(promise).catch(() => {});
    return refused("what fix made is a promise, not a case", "make it a plain function, not async");
  }
  const result = trainingCaseSchema.safeParse(made);
  if (!result.success)
    return refused(`what fix made is no valid case: ${describeIssues(made, result.error.issues)}`);
  if (!isDeepStrictEqual(made, again))
    return refused(
      "what fix made differs from one call to the next",
      "make it pure: no chance, no clock, nothing kept between calls",
    );
  return { kind: "made", case: result.data };
}

function isPromise(made: unknown): boolean {
  return typeof made === "object" && made !== null && "then" in made && typeof made.then === "function";
}

function refused(what: string, hint = EXAMPLE): Refused {
  return { kind: "refused", what, hint };
}

/** A thrown value on one line. */
export function reason(error: unknown): string {
  return words(() => (error instanceof Error ? `${error.name}: ${error.message}` : shown(error)));
}

/** A text made of a stranger's value: getters of it may throw, too. */
function words(make: () => string): string {
  try {
    const text = make().replace(/\s+/g, " ");
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  } catch {
    return "something that cannot be shown";
  }
}
