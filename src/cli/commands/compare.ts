import type { CommandModule } from "yargs";
import { DEFAULT_ENGINE, type EngineName } from "../../programs/lstm/engines/engine.ts";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { compareRecording } from "../../programs/lstm/recordings/compare.ts";
import { readRecording } from "../../programs/lstm/recordings/recording.ts";
import { comparisonJson, comparisonLine } from "../../programs/lstm/reporters/compare.ts";
import { EXIT } from "../exitCodes.ts";
import { engineFlag, jsonFlag } from "../flags/kinds.ts";
import { note, print, printJson } from "../output.ts";
import { ProgressLine } from "../progressLine.ts";

/** Milliseconds that comparing must take for its progress to be worth a line. */
const PATIENCE_MS = 300;

interface Flags {
  files: string[];
  engine: EngineName | undefined;
  json: boolean;
}

/** `nanproof compare`: replays recordings of the original program and compares step by step. */
export const compareCommand: CommandModule<unknown, Flags> = {
  command: "compare <files..>",
  describe: "replay recordings of the original TF1 program; does the engine agree?",
  builder: (yargs) =>
    yargs
      .positional("files", { describe: "recordings", type: "string", array: true, demandOption: true })
      .options({ engine: engineFlag, json: jsonFlag } as const),
  handler: async (flags) => {
    process.exitCode = await runCompare(flags);
  },
};

async function runCompare({ files, engine: name, json }: Flags): Promise<number> {
  // All are read before the first is run, so that a bad file is told at once.
  const recordings = files.map((file) => readRecording(file));
  const engine = await openEngine(name ?? DEFAULT_ENGINE);
  const line = new ProgressLine({ after: PATIENCE_MS });
  const comparisons = recordings.map((recording, index) => {
    line.tell(`recording ${index + 1}/${recordings.length}  ${recording.steps.length} steps`);
    const comparison = compareRecording(recording, engine);
    if (!json) print([comparisonLine(comparison)]);
    return comparison;
  });
  line.close();
  if (json) printJson(comparisons.map(comparisonJson));
  const agreeing = comparisons.filter(({ agree }) => agree).length;
  note(`${agreeing} of ${comparisons.length} recordings agree on ${engine.name}`);
  return agreeing === comparisons.length ? EXIT.ok : EXIT.violated;
}
