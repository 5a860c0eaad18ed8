import type { CommandModule } from "yargs";
import { explainFixture } from "../explain/explain.ts";
import { readFixture } from "../fixtures/store.ts";
import { DEFAULT_ENGINE, type EngineName } from "../programs/lstm/engines/engine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { explainJson, explainSummary } from "../reporters/explain.ts";
import { shownPath } from "../reporters/shownPath.ts";
import { durationFlag } from "./durationFlag.ts";
import { EXIT } from "./exitCodes.ts";
import { engineFlag, jsonFlag } from "./flags.ts";
import { onInterrupt } from "./interrupt.ts";
import { print, printJson } from "./output.ts";
import { ProgressLine } from "./progressLine.ts";
import { timeUp } from "./timeUp.ts";

/** Seconds that are looked for healthy runs where nothing is said. */
const DEFAULT_TIME = 60;

interface Flags {
  file: string;
  engine: EngineName | undefined;
  time: number | undefined;
  json: boolean;
}

/** `nanproof explain`: why a fixture dies, what it takes, and since when it was to be seen. */
export const explainCommand: CommandModule<unknown, Flags> = {
  command: "explain <file>",
  describe: "why a fixture dies, what its death takes, and since when it was to be seen",
  builder: (yargs) =>
    yargs.positional("file", { describe: "a fixture", type: "string", demandOption: true }).options({
      engine: engineFlag,
      time: durationFlag("time", `for trying numbers and finding healthy runs (default ${DEFAULT_TIME}s)`),
      json: jsonFlag,
    } as const),
  handler: async (flags) => {
    process.exitCode = await runExplain(flags);
  },
};

async function runExplain({ file, engine: name, time, json }: Flags): Promise<number> {
  const stored = readFixture(file);
  const engine = await openEngine(name ?? DEFAULT_ENGINE);
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  try {
    const explanation = await explainFixture(stored, engine, {
      signal: interrupt.signal,
      timeIsUp: timeUp(time ?? DEFAULT_TIME),
      onPart: (part) => line.tell(`explaining: ${part}`),
    });
    line.close();
    if (explanation === null) return interrupt.exitCode();
    if (json) printJson(explainJson(explanation));
    else print(explainSummary(shownPath(file), explanation));
    return interrupt.signal.aborted ? interrupt.exitCode() : EXIT.ok;
  } finally {
    line.close();
    interrupt.release();
  }
}
