/**
 * Tests the mutants that its parent sends, one at a time, in the folder that it names: a process of its own, since one that
 * never ends is killed.
 */
import type { Mutant } from "./mutant.ts";
import { Scratch } from "./scratch.ts";

/** An order to a tester; without a mutant the sources are tested as they are. */
export interface Order {
  mutant?: Mutant;
  suites: readonly string[];
}

/** Its answer. */
export type Answer = { noticedBy: string | null } | { error: string };

const scratch = await Scratch.open(process.argv[2] ?? "");

process.on("message", async ({ mutant, suites }: Order) => {
  process.send?.(await answer(mutant, suites));
});
process.once("disconnect", () => process.exit());
process.send?.("ready");

async function answer(mutant: Mutant | undefined, suites: readonly string[]): Promise<Answer> {
  try {
    const noticedBy = mutant ? await scratch.noticedBy(mutant, suites) : await scratch.firstFailure(suites);
    return { noticedBy };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
