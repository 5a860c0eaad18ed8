import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { replayFixture } from "../fixtures/replay.ts";
import { readFixture } from "../fixtures/store.ts";
import type { Engine, EngineName } from "../training/engine.ts";
import type { KeptFailure } from "./keeper.ts";

/** What a folder of findings holds, replayed. */
export interface Held {
  failures: KeptFailure[];
  /** Fixtures that no longer die as they should: path, and what they do instead. */
  stale: { path: string; signature: string | null; step: number }[];
}

/**
 * Replays every fixture in a folder; one that is not there holds none.
 * @throws UsageError when a JSON file in it is no fixture.
 */
export async function replayHeld(folder: string, engine: Engine, confirm: EngineName): Promise<Held> {
  const held: Held = { failures: [], stale: [] };
  for (const name of namesIn(folder)) {
    if (!name.endsWith(".json")) continue;
    const path = join(folder, name);
    const stored = readFixture(path);
    const { reproduced, signature, step } = await replayFixture(stored, engine);
    const { expected } = stored.fixture;
    if (reproduced)
      held.failures.push({
        signature: expected.signature,
        path,
        fixture: stored.fixture,
        confirmed: expected.reproducesOn.includes(confirm),
      });
    else held.stale.push({ path, signature, step });
  }
  return held;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
