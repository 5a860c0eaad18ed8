import type { Fix } from "../programs/fix.ts";

/** The effects of a remedy on a death. */
export interface Remedy {
  /** Its name; of a pair both, with a + between. */
  fix: string;
  /** On the fatal step by itself. */
  step: "holds" | "fails" | "notJudged";
  /** On the run that died, from its start, over ten times its steps; null where that was not tried. */
  run: { lives: boolean; steps: number } | null;
  /** Of runs of other seeds, over three times the steps; null where none was tried. */
  seeds: { lived: number; of: number } | null;
  /** Of the run that died, at its end; null where it did not live. */
  loss: number | null;
  /** The same over batches that were not trained on, by the loss without the remedy. */
  validationLoss: number | null;
  /** Updates of that run that were left out; null where it was not tried. */
  skipped: number | null;
  changesWhatIsTrained: boolean;
}

/** A remedy, and what makes it. */
export interface Candidate {
  fixes: readonly Fix[];
  remedy: Remedy;
  /** Why something of it could not be judged, each once. */
  whys: Set<string>;
}

/** True for a remedy that is known to help: it saves the step, or the run. */
export function saves({ step, run }: Remedy): boolean {
  return step === "holds" || run?.lives === true;
}

/** True where nothing is left to wish for: the run lives, and so does every other seed. */
export function isEnough({ run, seeds }: Remedy): boolean {
  return run?.lives === true && seeds !== null && seeds.lived === seeds.of;
}

/** Share of the seeds that live. */
export function shareOf({ seeds }: Remedy): number {
  return seeds === null || seeds.of === 0 ? 0 : seeds.lived / seeds.of;
}

const KEYS: readonly ((remedy: Remedy) => number)[] = [
  (remedy) => (saves(remedy) ? 0 : 1),
  (remedy) => -shareOf(remedy),
  ({ changesWhatIsTrained }) => Number(changesWhatIsTrained),
  ({ validationLoss }) => validationLoss ?? Number.POSITIVE_INFINITY,
  ({ loss }) => loss ?? Number.POSITIVE_INFINITY,
  ({ skipped }) => skipped ?? Number.POSITIVE_INFINITY,
  // Of two that do the same, the one that is less to do.
  ({ fix }) => fix.split(" + ").length,
];

/** Compares two remedies: below 0 where the first is better. */
export function compareRemedies(a: Remedy, b: Remedy): number {
  for (const key of KEYS) {
    const [ours, theirs] = [key(a), key(b)];
    if (ours !== theirs) return ours < theirs ? -1 : 1;
  }
  return 0;
}
