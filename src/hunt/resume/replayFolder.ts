import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { asItDied } from "../../fixtures/heldTo.ts";
import { replayFixture } from "../../fixtures/replay.ts";
import type { Fixture } from "../../fixtures/schema.ts";
import { fixturePath, readFixture } from "../../fixtures/store.ts";
import type { Host } from "../../programs/program.ts";
import { MAX_WORK, stepsWithin } from "../../programs/work.ts";
import type { KeptDeath } from "../keep/keeper.ts";

/** The result of replaying the fixtures in a folder. */
export interface FolderReplay {
  failures: KeptDeath[];
  /** Fixtures that no longer die as they should: path, and what they do instead. */
  stale: { path: string; signature: string | null; step: number }[];
  /** Fixtures of other programs, and those whose death is too much work to wait for: path, and why. */
  notReplayed: { path: string; why: string }[];
}

/** Options of {@link replayFolder}. */
interface ReplayFolderOptions {
  engine: Host;
  confirm: string;
  /** Names that an interrupted hunt was about to write: it writes them again. */
  except: readonly string[];
  /** Ends it before the next fixture. */
  signal: AbortSignal | undefined;
  /** Called before each, with how many were replayed and how many there are. */
  onReplay?: ((done: number, total: number) => void) | undefined;
}

/**
 * Replays every fixture in a folder, until the signal stops it. A folder that is not there holds none.
 * @throws UsageError when a JSON file in it is no fixture.
 */
export async function replayFolder(
  folder: string,
  { engine, confirm, except, signal, onReplay }: ReplayFolderOptions,
): Promise<FolderReplay> {
  const replay: FolderReplay = { failures: [], stale: [], notReplayed: [] };
  const files = namesIn(folder).filter((file) => file.endsWith(".json") && !except.includes(file));
  for (const [done, file] of files.entries()) {
    if (signal?.aborted) break;
    onReplay?.(done, files.length);
    const path = join(folder, file);
    const stored = readFixture(path);
    const other = otherProgram(stored.fixture, engine);
    if (other !== null) {
      replay.notReplayed.push({ path, why: `it is a death of ${other}` });
      continue;
    }
    const { case: testCase, expected } = stored.fixture;
    const maxSteps = stepsWithin(MAX_WORK, testCase, engine);
    if (expected.step > maxSteps) {
      const why = `its death at step ${expected.step} takes more than ${MAX_WORK.toExponential()} multiply-adds; npx nanproof replay shows it`;
      replay.notReplayed.push({ path, why });
      continue;
    }
    const hooks = signal && { signal };
    const { reproduced, signature, step } = await replayFixture(stored, asItDied(engine, stored), {
      maxSteps,
      ...hooks,
    });
    if (signal?.aborted) break;
    if (reproduced)
      replay.failures.push({
        signature: expected.signature,
        path,
        name: basename(fixturePath(folder, stored.fixture, stored.binary)),
        fixture: stored.fixture,
        confirmed: expected.reproducesOn.some((name) => name === confirm),
      });
    else replay.stale.push({ path, signature, step });
  }
  return replay;
}

/** The program that a fixture is of, in words, where that is another one than the host's; null where it is the host's. */
function otherProgram({ program }: Fixture, { file }: Host): string | null {
  if (program?.name === file?.name) return null;
  return program === undefined ? "nanproof's own LSTM" : `the program ${program.name}`;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
