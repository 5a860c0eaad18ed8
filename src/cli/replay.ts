import type { CommandModule } from "yargs";
import { openEngine } from "../engines/open.ts";
import { measureFixes } from "../fixtures/judge.ts";
import { replayFixture } from "../fixtures/replay.ts";
import { readFixture, rewriteFixture } from "../fixtures/store.ts";
import { replayJson, replaySummary } from "../reporters/replay.ts";
import { DEFAULT_ENGINE, ENGINE_NAMES, type EngineName } from "../training/engine.ts";
import { EXIT } from "./exitCodes.ts";
import { engineFlag, jsonFlag, switchFlag } from "./flags.ts";
import { note, print, printJson, shownPath } from "./output.ts";

interface Flags {
  file: string;
  engine: EngineName | undefined;
  update: boolean;
  json: boolean;
}

/** `nanproof replay`: reruns a fixture and says whether it dies as it did. */
export const replayCommand: CommandModule<unknown, Flags> = {
  command: "replay <file>",
  describe: "rerun a fixture; does it die as it did?",
  builder: (yargs) =>
    yargs.positional("file", { describe: "a fixture", type: "string", demandOption: true }).options({
      engine: engineFlag,
      update: switchFlag("rewrite what the fixture expects to what came out"),
      json: jsonFlag,
    } as const),
  handler: async (flags) => {
    process.exitCode = await runReplay(flags);
  },
};

async function runReplay({ file, engine: name, update, json }: Flags): Promise<number> {
  const stored = readFixture(file);
  const engine = await openEngine(name ?? DEFAULT_ENGINE);
  const replay = await replayFixture(stored, engine);
  const { trajectory, digest } = replay;
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  if (update && diagnosis !== null) {
    const { mechanism: _, ...seen } = diagnosis;
    const same = replay.reproduced ? stored.fixture.expected : { digests: {}, versions: {} };
    const digests = { ...same.digests, [engine.name]: digest };
    const versions = { ...same.versions, [engine.name]: engine.version };
    const reproducesOn = ENGINE_NAMES.filter((known) => known in digests);
    const expected = { ...seen, step: replay.step, reproducesOn, digests, versions };
    const updated = { ...stored, fixture: { ...stored.fixture, expected } };
    // A run that is chaotic under a fix may end otherwise on another engine: those of the default one count.
    const known = replay.reproduced && engine.name !== DEFAULT_ENGINE ? stored.fixture.fixes : undefined;
    const fixes = known ?? (await measureFixes(updated, engine));
    rewriteFixture(file, { ...updated.fixture, fixes });
    note(`updated ${shownPath(file)}`);
  } else if (update)
    note(
      `not updated: the run does not die, so there is nothing to expect; delete ${shownPath(file)} if that is right`,
    );
  if (json) printJson(replayJson(replay));
  else print(replaySummary(shownPath(file), stored.fixture, replay, engine.name));
  return replay.reproduced || (update && diagnosis !== null) ? EXIT.ok : EXIT.violated;
}
