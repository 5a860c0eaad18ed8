import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFile } from "../../../src/library/testing/storedProgramFixture.ts";
import type { KnobValues } from "../../../src/programs/process/case.ts";
import { drawKnobs } from "../../../src/programs/process/knobs.ts";
import { exampleFile } from "../../../src/programs/testing/examples.ts";
import { watchProgram } from "./watchedProgram.ts";
import type { WatchedRun } from "./watchedRun.ts";

/** An example whose runs are looked at. */
export interface WatchedExample {
  /** In the folder, else in `examples/`. */
  file: string;
  folder?: string;
  runs: number;
  /** The steps that are looked at. */
  steps: number;
  /** Knobs that are not drawn, so that a run takes seconds. */
  pinned: KnobValues;
  keepsSquares: boolean;
  /** Lines that report the recurrence's gauge, each with the text that it is put before; none where a layer hides the recurrence. */
  gauge: readonly { before: string; line: string }[];
}

/** Runs an example, with its gauge if it can have one, with knobs and seeds drawn as a hunt draws them. */
export async function watchedRuns(
  { file, folder: from, runs, steps, pinned, keepsSquares, gauge }: WatchedExample,
  python: string,
): Promise<WatchedRun[]> {
  // Beside the examples, so that it finds its libraries.
  const folder = mkdtempSync(exampleFile(".watched-"));
  try {
    const path = join(folder, file);
    const source = from === undefined ? exampleFile(file) : join(from, file);
    writeFileSync(path, gauged(readFileSync(source, "utf8"), gauge));
    const host = await openFile(path, file.endsWith(".py") ? python : null);
    try {
      const found: WatchedRun[] = [];
      for (let k = 0; k < runs; k++) {
        const knobs = { ...drawKnobs(host.hosting.ready.knobs, "warning/programs", `run/${k}`), ...pinned };
        const testCase = { schemaVersion: 1, knobs, seed: 1000 + k, steps } as const;
        const run = await watchProgram(host, testCase, { keepsSquares });
        if (run !== null) found.push(run);
      }
      return found;
    } finally {
      await host.close?.();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function gauged(source: string, gauge: WatchedExample["gauge"]): string {
  let text = source;
  for (const { before, line } of gauge) {
    if (!text.includes(before)) throw new Error(`the example has no ${before}`);
    text = text.replace(before, `${line}${before}`);
  }
  return text;
}
