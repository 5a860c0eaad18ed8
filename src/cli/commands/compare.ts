import { openEngine } from "../../programs/lstm/engines/open.ts";
import { compareRecording } from "../../programs/lstm/recordings/compare.ts";
import { readRecording } from "../../programs/lstm/recordings/recording.ts";
import { comparisonJson, comparisonLine } from "../../programs/lstm/reporters/compare.ts";
import { compareBuild } from "../../reporters/build/compare.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { fileCommand } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import type { Values } from "../flags/flag.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { reporterFlag } from "../flags/reporterFlag.ts";
import { engineFlag, jsonFlag } from "../flags/shared.ts";
import { note } from "../output.ts";
import { ProgressLine } from "../progressLine.ts";
import { Reporting } from "../reporting.ts";

/** Milliseconds that comparing must take for its progress to be worth a line. */
const PATIENCE_MS = 300;

const flags = {
  engine: engineFlag,
  progress: progressFlag,
  reporter: reporterFlag,
  json: jsonFlag,
} as const;

/** `nanproof compare`: replays recordings of the original program and compares step by step. */
export const compareCommand = fileCommand({
  name: "compare",
  description: "replay recordings of the original TF1 program; does the engine agree?",
  exits: "0 all agree, 1 not",
  example: "compare fixtures/recordings/*.json --engine tfjs-wasm",
  operand: { name: "files", description: "recordings", many: true },
  flags,
  run: runCompare,
});

async function runCompare(
  files: string[],
  { engine: name, ...given }: Values<typeof flags>,
): Promise<number> {
  const reporting = new Reporting(given);
  // All are read before the first is run, so that a bad file is named at once.
  const recordings = files.map((file) => readRecording(file));
  const engine = await openEngine(name);
  const line = new ProgressLine({ after: PATIENCE_MS });
  const comparisons = recordings.map((recording, index) => {
    line.tell({
      head: `recording ${index + 1}/${recordings.length}`,
      tail: `${recording.steps.length} steps`,
      counted: { what: "recordings", done: index, total: recordings.length },
    });
    const comparison = compareRecording(recording, engine);
    reporting.pretty([comparisonLine(comparison)]);
    return comparison;
  });
  line.close();
  const compared = comparisons.map((comparison, index) => ({
    path: shownPath(files[index] ?? ""),
    comparison,
  }));
  reporting.end({ json: comparisons.map(comparisonJson), build: compareBuild(engine.name, compared) });
  const agreeing = comparisons.filter(({ agree }) => agree).length;
  note(`${agreeing} of ${comparisons.length} recordings agree on ${engine.name}`);
  return agreeing === comparisons.length ? EXIT.ok : EXIT.violated;
}
