import { isFatal, type StepRecord } from "./stepRecord.ts";

/** The way in which a step breaks an invariant. */
export interface Broken {
  /** The gauge that shows it, or `loss`. */
  gauge: string;
  /** The name of the broken rule, where an invariant holds several. */
  name?: string;
  /** The quantity and its value. */
  message: string;
}

/** A condition that every step must meet while a run goes on; a step that breaks it ends the run. */
export interface StepInvariant {
  name: string;
  /** As `--invariant` takes it: NAME, NAME=BOUND or a file. */
  spec: string;
  /** Begins to watch a run. The function that it gives is called with each step in turn. */
  watch(): (record: StepRecord) => Broken | null;
}

/** An invariant that looks at the steps one by one. */
export function stepwise(
  name: string,
  broken: (record: StepRecord) => Broken | null,
  spec: string = name,
): StepInvariant {
  return { name, spec, watch: () => broken };
}

/** Loss, gradients after clipping, weights and optimizer's state are finite: what every run is held to. */
export const finite: StepInvariant = stepwise("finite", (record) => {
  if (!isFatal(record)) return null;
  const { loss, gradients, weights } = record.finite;
  if (!loss) return { gauge: "loss", message: `the loss is ${record.loss}` };
  const part = gradients ? (weights ? "the optimizer's state" : "a weight") : "a gradient";
  return { gauge: "finite", message: `${part} is not finite` };
});

/** Invariants of a program's own, which its host judges: what its file says must be true. */
export const ownInvariants: StepInvariant = stepwise("own", ({ violated }) => {
  const [first] = violated ?? [];
  return first === undefined
    ? null
    : { name: first.name, gauge: "check", message: `${first.name}: ${first.message}` };
});

/** The invariants that a run is held to where none are named. */
export const DEFAULT_INVARIANTS: readonly StepInvariant[] = [finite];

/** A broken invariant, and how it was broken. */
export interface Violation extends Broken {
  invariant: StepInvariant;
}

/** Watches a run under several invariants, and under the program's own. Gives, of each step, the first that it breaks, in their order. */
export function watchAll(invariants: readonly StepInvariant[]): (record: StepRecord) => Violation | null {
  const watches = [...invariants, ownInvariants].map((invariant) => ({ invariant, look: invariant.watch() }));
  return (record) => {
    for (const { invariant, look } of watches) {
      const broken = look(record);
      if (broken !== null) return { invariant, ...broken };
    }
    return null;
  };
}

/** The signature of a violation that no non-finite value explains. */
export function violationSignature({ invariant, gauge, name = invariant.name }: Violation): string {
  const word = (text: string) => text.replaceAll(/[^A-Za-z0-9._-]/g, "-") || "-";
  return `step/${word(name)}/${word(gauge)}`;
}
