import type { Fix } from "./fix.ts";
import type { Answer } from "./session.ts";

/** The result of a run with a remedy. */
export interface Trial {
  /** True where it lived all its steps; null where it was stopped. */
  lives: boolean | null;
  /** Steps taken. */
  steps: number;
  /** Mean over the last tenth of the steps, what only regularises left out; NaN where it died. */
  loss: number;
  /** Over batches of another data seed with what was trained, by the loss of the case without the remedy; NaN where it died. */
  validationLoss: number;
  /** Updates that were left out. */
  skipped: number;
  /** Why it is not known whether it lives: the program refused, or threw. */
  why?: string;
}

/** The result of the fatal step with a remedy, or why there is none. */
export type StepTrial = { holds: boolean } | { why: string };

/** The way in which remedies of a program are tried. */
export interface Trials<Case = unknown> {
  /** Remedies besides those that a fixture's verdict names: they act on what comes of a step, and save no step. */
  more: readonly Fix<Case>[];
  /**
   * Trains a case with a remedy from its start.
   * @param before The case without it.
   * @param ofSteps The steps of the run that died, of which it is another one.
   */
  run(
    host: unknown,
    cases: { fixed: Case; before: Case; ofSteps: number },
    files: { folder: string; binary?: Uint8Array },
    signal: { readonly aborted: boolean },
  ): Answer<Trial>;
  /** Runs the fatal step with a remedy. Left out where it is run as any case of one step. */
  step?(host: unknown, fixed: Case, files: { binary?: Uint8Array }): Answer<StepTrial>;
  /**
   * The loss of a case's first step, which shows whether a remedy changes what is trained. Left out where a case says that itself.
   */
  firstLoss?(host: unknown, testCase: Case): Answer<number>;
  /** The lines that do what a remedy does, by framework; null of one that is no single line. */
  code(fix: string, host: unknown): Readonly<Record<string, string>> | null;
}
