import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { createContext, Script } from "node:vm";
import { UsageError } from "./errors.ts";
import { shown } from "./fieldName.ts";
import type { Fix } from "./fixes.ts";
import { describeIssues } from "./issues.ts";
import type { TrainingCase } from "./schema.ts";
import { trainingCaseSchema } from "./trainingCase.ts";

const EXAMPLE =
  "export a function from a case to a case: export const fix = (c) => ({ ...c, model: { ...c.model, cellClip: 50 } })";

/**
 * Loads a user's own fix: an ES module that exports `fix`. What it makes of a case is checked
 * before anything is run with it.
 * @param patienceMs Milliseconds after which a call that has not returned is ended: Ctrl-C could not end it.
 * @throws UsageError when there is no such file, it cannot be loaded, or it exports no function `fix`.
 */
export async function loadFix(path: string, patienceMs = 10_000): Promise<Fix> {
  const exported = await exportsOf(path);
  const { fix } = exported;
  if (typeof fix !== "function") {
    const found = Object.keys(exported);
    const what = "fix" in exported ? `exports fix as ${shown(fix)}` : `exports no fix, but ${list(found)}`;
    throw new UsageError("NANPROOF_E_FIX", `${path}: ${what}`, EXAMPLE);
  }
  const call = callFor(path, patienceMs);
  return {
    name: basename(path),
    acts: "as-changed",
    description: `fix of ${path}`,
    apply: (testCase) => call(() => checked(path, fix as (testCase: unknown) => unknown, testCase)),
  };
}

const list = (names: string[]) => (names.length > 0 ? names.slice(0, 5).join(", ") : "nothing");

async function exportsOf(path: string): Promise<Record<string, unknown>> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile())
    throw new UsageError(
      "NANPROOF_E_FIX",
      `${path}: ${stats === undefined ? "there is no such file" : "is no file"}`,
      "give the path of an ES module (.mjs) that exports fix",
    );
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError("NANPROOF_E_FIX", `${path}: cannot be loaded: ${reason(error)}`, EXAMPLE);
  }
}

/** Runs a fix on a copy, so that it cannot change the case, and twice, so that chance shows. */
function checked(path: string, fix: (testCase: unknown) => unknown, testCase: TrainingCase): TrainingCase {
  const run = () => {
    try {
      return fix(structuredClone(testCase));
    } catch (error) {
      throw new UsageError("NANPROOF_E_FIX", `${path}: fix threw: ${reason(error)}`, EXAMPLE);
    }
  };
  const made = run();
  const what = `what fix of ${path} made`;
  if (made instanceof Promise) {
    // What it comes to is nobody's to hear of: rejected, it would end the process before the message below is out.
    made.catch(() => {});
    throw new UsageError(
      "NANPROOF_E_FIX",
      `${what} is a promise, not a case`,
      "make it a plain function, not async",
    );
  }
  const result = trainingCaseSchema.safeParse(made);
  if (!result.success)
    throw new UsageError(
      "NANPROOF_E_FIX",
      `${what} is no valid case: ${describeIssues(made, result.error.issues)}`,
      EXAMPLE,
    );
  if (!isDeepStrictEqual(made, run()))
    throw new UsageError(
      "NANPROOF_E_FIX",
      `${what} differs from one call to the next`,
      "make it pure: no chance, no clock, nothing kept between calls",
    );
  return result.data;
}

function reason(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : shown(error)).replace(/\s+/g, " ");
}

/** Calls a function, and ends the call where it takes too long; a timer alone would wait for it too. */
function callFor(path: string, patienceMs: number): (run: () => TrainingCase) => TrainingCase {
  const globals: { run?: () => TrainingCase } = {};
  const context = createContext(globals);
  const script = new Script("run()");
  return (run) => {
    globals.run = run;
    try {
      return script.runInContext(context, { timeout: patienceMs }) as TrainingCase;
    } catch (error) {
      if ((error as NodeJS.ErrnoException | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      throw new UsageError(
        "NANPROOF_E_FIX",
        `${path}: fix did not return within ${patienceMs / 1000} s`,
        "look for a loop without end in it",
      );
    }
  };
}
