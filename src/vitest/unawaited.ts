import type { RunnerTestCase } from "vitest";
import { UsageError } from "../documents/errors.ts";
import { Watched } from "./watched.ts";

/** The expectation that a matcher is called for, as vitest describes it to the matcher. */
export interface Context {
  isNot: boolean;
  /** "", "resolves" or "rejects"; missing inside `toEqual` and the like. */
  promise?: string;
  soft?: boolean;
  currentTestName?: string;
  task?: Readonly<RunnerTestCase>;
}

/** One call of a matcher. */
interface Call {
  awaited: boolean;
  settled: boolean;
  /** Made at the call, so that its stack leads there. */
  error: UsageError;
  /** Ends the run that the call started. */
  abandon: AbortController;
}

/**
 * Sees to it that no matcher goes unawaited: its test would be over, and green, before there is a verdict. A test that
 * has left one behind fails once it is over; calls that belong to no known test are looked at when the file is over.
 */
export class Unawaited {
  readonly #strays: Call[] = [];

  /**
   * Starts a matcher's run, and watches whether its verdict is waited for.
   * @param judge Makes the verdict; the signal ends it early.
   * @throws UsageError where vitest could not wait for the verdict: inside `toEqual` and the like.
   */
  watch<T>(context: Context, matcher: string, judge: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (context.promise === undefined)
      throw new UsageError(
        "NANPROOF_E_NOT_AWAITED",
        `expect.${matcher}() stands inside another expectation, which does not wait for its run: write await expect(testCase).${matcher}() by itself`,
        `write await expect(testCase).${matcher}() by itself`,
      );
    const call: Call = {
      awaited: false,
      settled: false,
      error: notAwaited(context, matcher),
      abandon: new AbortController(),
    };
    const verdict = judge(call.abandon.signal);
    const settle = () => {
      call.settled = true;
    };
    verdict.then(settle, settle);
    // vitest waits for what `resolves` and `rejects` lead to by itself, before the test is over.
    if (context.promise !== "") return verdict;
    const isSilent = this.#register(context.task, call);
    const onAwait = () => {
      call.awaited = true;
    };
    return new Watched((resolve) => resolve(verdict), { before: context.soft ? 2 : 1, onAwait, isSilent });
  }

  /** Throws for a call that belongs to no known test and was not waited for. */
  checkStrays(): void {
    const left = this.#strays.splice(0).filter(({ awaited, settled }) => !(awaited && settled));
    for (const { abandon } of left) abandon.abort();
    const [first] = left;
    if (first !== undefined) throw first.error;
  }

  /** Returns true where the call's own test is known, and will fail for it. */
  #register(task: Context["task"], call: Call): boolean {
    if (task === undefined || !isOwn(task)) {
      this.#strays.push(call);
      return false;
    }
    task.context.onTestFinished(() => {
      if (call.awaited && call.settled) return;
      call.abandon.abort();
      throw call.error;
    });
    return true;
  }
}

/**
 * True where the test is certainly the one that the expectation is in. Of tests that run at the same time the global `expect`
 * names any, even one that is over; the `expect` of a test's context knows its own.
 */
function isOwn(task: Readonly<RunnerTestCase>): boolean {
  return !task.concurrent || ("_local" in task.context && task.context._local === true);
}

function notAwaited({ isNot }: Context, matcher: string): UsageError {
  const call = `expect(testCase).${isNot ? "not." : ""}${matcher}(...)`;
  return new UsageError(
    "NANPROOF_E_NOT_AWAITED",
    `${call} was not awaited, so the test was over before its verdict: write await ${call}, or return it`,
    `write await ${call}, or return it`,
  );
}
