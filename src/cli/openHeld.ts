import { askedInvariants } from "../invariants/asked.ts";
import type { Engine, EngineName } from "../programs/lstm/engines/engine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";

/**
 * Opens an engine whose runs are held to what `--invariant` asks for.
 * @throws UsageError when there is no such invariant, or the engine cannot be opened.
 */
export async function openHeld(name: EngineName, specs: readonly string[]): Promise<Engine> {
  const invariants = await askedInvariants(specs);
  return { ...(await openEngine(name)), invariants };
}
