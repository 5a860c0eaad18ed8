import { join } from "node:path";
import { openFile, storedProgramFixture } from "../../../src/library/testing/storedProgramFixture.ts";
import { fileFix } from "../../../src/programs/process/remedies/interventions.ts";
import type { Example } from "../../../src/programs/testing/examples.ts";
import { exampleFile } from "../../../src/programs/testing/examples.ts";
import { findRemedies, type Remedies } from "../../../src/remedy/search.ts";

/** Options of {@link remediesOf}. */
export interface ExampleSearch {
  /** The interpreter of the programs in Python. */
  python: string;
  /** Number of runs of other seeds. */
  seeds: number;
  /** Seconds that the search may take; remedies that it does not reach are not judged. */
  seconds: number;
}

/** The name of the remedy that the mended example is. */
export const MENDED = "the mended file";

/** Tries the remedies from outside of an example, and its mended twin, on its death; null where time ran out before anything was known. */
export async function remediesOf(
  { file, fixed, framework, seed }: Example,
  { python, seeds, seconds }: ExampleSearch,
): Promise<Remedies | null> {
  const interpreter = framework === "tfjs" ? null : python;
  const host = await openFile(exampleFile(file), interpreter);
  try {
    const mended = await openFile(exampleFile(fixed), interpreter);
    try {
      const stored = await storedProgramFixture(host, "run", { seed });
      const path = exampleFile(join(fixed));
      const withMended = { ...host, fixed: new Map([[path, mended.hosting]]) };
      const end = performance.now() + 1000 * seconds;
      const signal = {
        get aborted() {
          return performance.now() >= end;
        },
      };
      return await findRemedies(stored, withMended as never, {
        seeds,
        own: [fileFix(path, MENDED) as never],
        signal,
      });
    } finally {
      await mended.close?.();
    }
  } finally {
    await host.close?.();
  }
}
