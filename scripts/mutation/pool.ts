import type { Mutant } from "./mutant.ts";
import { type Result, reasonFor, resultOf } from "./results.ts";
import { allSuites, suitesOf } from "./suites.ts";
import { Tester } from "./testers.ts";

/** Testers at work side by side. */
export class Pool {
  readonly #testers: readonly Tester[];

  constructor(jobs: number) {
    this.#testers = Array.from({ length: jobs }, () => new Tester());
  }

  /** The test that fails as things are; null where all hold. */
  async brokenAsItIs(): Promise<string | null> {
    return (await this.#testers[0]?.test({ suites: allSuites() })) ?? null;
  }

  /**
   * Tests mutants; results come in their order.
   * @param withReasons True where those that are said to be equivalent are run, too.
   */
  async results(mutants: readonly Mutant[], withReasons: boolean): Promise<Result[]> {
    const results: Result[] = [];
    let next = 0;
    const work = async (tester: Tester) => {
      for (let at = next++; at < mutants.length; at = next++) {
        const mutant = mutants[at] as Mutant;
        const known = reasonFor(mutant) !== null && !withReasons;
        const noticedBy = known ? null : await tester.test({ mutant, suites: suitesOf(mutant.file) });
        const result = resultOf(mutant, noticedBy);
        results[at] = result;
        const verdict = result.noticedBy ?? (result.reason ? "equivalent" : "NOTHING");
        console.error(`${at + 1}/${mutants.length} ${mutant.id}: ${verdict}`);
      }
    };
    await Promise.all(this.#testers.map(work));
    return results;
  }

  /** Ends what is under way. */
  stop(): void {
    for (const tester of this.#testers) tester.stop();
  }
}
