import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../../../documents/errors.ts";
import { shellWord } from "../../../documents/printable.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Fix } from "./fixes.ts";
import type { FixAnswer } from "./fixMessages.ts";
import { FixProcess, type NoAnswer } from "./fixProcess.ts";

/** A user's own fix, which runs in a process of its own. */
export interface UsersFix extends Omit<Fix, "apply"> {
  /** @throws UsageError when what it makes is no valid case, or it does not return. */
  apply(testCase: TrainingCase): Promise<TrainingCase>;
  /** Ends its process; a call that is under way ends with it. */
  close(): Promise<void>;
}

/** Options of {@link loadFix}. */
export interface FixOptions {
  /** Milliseconds in which loading, and each call, must be done (default 10,000). */
  patienceMs?: number;
  /** Called with every line that the module prints. */
  onPrint?: (line: string) => void;
}

/**
 * Loads a user's own fix: an ES module, in JavaScript or TypeScript, that exports `fix`. It runs in a process of its own:
 * what it prints, how it ends and how long it takes do nothing to this one. What it makes of a case is checked before
 * anything is run with it.
 * @throws UsageError when there is no such file, it cannot be loaded in time, or it exports no function `fix`.
 */
export async function loadFix(
  path: string,
  { patienceMs = 10_000, onPrint = () => {} }: FixOptions = {},
): Promise<UsersFix> {
  checkFile(path);
  const child = new FixProcess(path, onPrint);
  /** The reason why there is no process to ask any more. */
  let broken: UsageError | null = null;
  const settle = async (doing: string, outcome: FixAnswer | NoAnswer): Promise<FixAnswer> => {
    const error = whyUnusable(path, doing, patienceMs, outcome);
    if (error === null) return outcome as FixAnswer;
    // A case that a fix cannot take says nothing of the next one.
    if (doing === CALLED && outcome.kind === "refused") throw error;
    broken = error;
    await child.close();
    throw error;
  };
  await settle("started", await child.started());
  await settle(
    LOADED,
    await child.ask({ kind: "load", path: pathToFileURL(resolve(path)).href }, patienceMs),
  );
  let last: Promise<unknown> = Promise.resolve();
  const call = async (testCase: TrainingCase): Promise<TrainingCase> => {
    if (broken !== null) throw broken;
    const answer = await settle(CALLED, await child.ask({ kind: "apply", case: testCase }, patienceMs));
    if (answer.kind !== "made") throw new Error(`the process of ${path} answered ${answer.kind}`);
    return answer.case;
  };
  return {
    name: basename(path),
    acts: "as-changed",
    description: `fix of ${path}`,
    apply: (testCase) => {
      const made = last.then(() => call(testCase));
      last = made.catch(() => {});
      return made;
    },
    close: () => child.close(),
  };
}

const LOADED = "loaded";
const CALLED = "called";

/** The error for an outcome that is of no use; null where it is the answer. */
function whyUnusable(
  path: string,
  doing: string,
  patienceMs: number,
  outcome: FixAnswer | NoAnswer,
): UsageError | null {
  const error = (what: string, hint: string) =>
    new UsageError("NANPROOF_E_FIX", `${shellWord(path)}: ${what}`, hint);
  switch (outcome.kind) {
    case "refused":
      return error(outcome.what, outcome.hint);
    case "overdue":
      return error(
        `${doing === CALLED ? "fix did not return" : "did not load"} within ${patienceMs / 1000} s`,
        doing === CALLED
          ? "look for a loop without end in it"
          : "look for a loop, an await or a timer without end in it",
      );
    case "ended":
      return error(
        `its process ended with ${outcome.how} while it was ${doing}`,
        "look for process.exit in it, or for what it printed",
      );
    default:
      return null;
  }
}

/** @throws UsageError when there is no such file. */
function checkFile(path: string): void {
  const what = whyNoFile(path);
  if (what === null) return;
  throw new UsageError(
    "NANPROOF_E_FIX",
    `${shellWord(path)}: ${what}`,
    "give the path of an ES module (.mjs or .ts) that exports fix",
  );
}

function whyNoFile(path: string): string | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return "there is no such file";
    return stats.isFile() ? null : "is no file";
  } catch (error) {
    // A loop of links, a name too long, a folder that may not be looked into.
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`;
  }
}
