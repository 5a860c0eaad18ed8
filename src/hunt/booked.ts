import type { Labels } from "../programs/generating.ts";
import type { Host } from "../programs/program.ts";
import type { RanCase } from "./run/tasks.ts";
import type { HuntSettings } from "./settings.ts";
import type { LostCase } from "./tally.ts";

/** A case of a hunt that is done with, as the ledger has it. */
export interface LedgerEntry {
  index: number;
  /** The case that it was varied from; null for a fresh one. */
  parent: unknown;
  /** The result of running it; null where it was lost. */
  ran: RanCase | null;
  lost: LostCase | null;
}

/** A case of a hunt that is done with, and what it was. */
export interface BookedCase extends Omit<LedgerEntry, "parent"> {
  isVaried: boolean;
  testCase: unknown;
  /** The values drawn for it, by label. */
  labels: Labels;
}

/** Makes each booked case once more for `onBooked`; no hook where that is not given. */
export function bookedHook(
  { space, seed, host, provenance: { preset } }: HuntSettings,
  { program: { generation } }: Host,
  onBooked: ((booked: BookedCase) => void) | undefined,
): { onBooked?: (entry: LedgerEntry) => void } {
  if (onBooked === undefined) return {};
  const cases = generation.cases(space, seed);
  return {
    onBooked: ({ index, parent, ran, lost }) => {
      const testCase = cases.at({ index, parent });
      const drawn = generation.labels(testCase);
      // A person's program has no presets.
      const labels = host.kind === "file" ? drawn : { preset, ...drawn };
      onBooked({ index, isVaried: parent !== null, ran, lost, testCase, labels });
    },
  };
}
