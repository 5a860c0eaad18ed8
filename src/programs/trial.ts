import type { Fix } from "./fix.ts";
import type { Answer } from "./session.ts";

/** How a run with a remedy went. */
export interface Trial {
  /** Whether it lived all its steps; null where it was stopped. */
  lives: boolean | null;
  /** Steps taken. */
  steps: number;
  /** Mean over the last tenth of the steps, what only regularises left out; NaN where it died. */
  loss: number;
  /** Over batches of another data seed with what was trained, by the loss of the case without the remedy; NaN where it died. */
  validationLoss: number;
  /** Updates that were left out. */
  skipped: number;
}

/** How remedies of a program are tried. */
export interface Trials<Case = unknown> {
  /** Remedies besides those that a fixture's verdict names: they act on what comes of a step, and save no step. */
  more: readonly Fix<Case>[];
  /**
   * Trains a case with a remedy from its start.
   * @param before The case without it.
   */
  run(
    host: unknown,
    cases: { fixed: Case; before: Case },
    files: { folder: string; binary?: Uint8Array },
    signal: { readonly aborted: boolean },
  ): Answer<Trial>;
  /** The lines that do what a remedy does, by framework; null of one that is no single line. */
  code(fix: string): Readonly<Record<string, string>> | null;
}
