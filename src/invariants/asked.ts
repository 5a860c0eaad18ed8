import { existsSync } from "node:fs";
import { DEFAULT_INVARIANTS, type StepInvariant } from "../programs/stepInvariant.ts";
import { fileInvariants } from "./invariantFile.ts";
import { isNamed, namedInvariant } from "./named.ts";

/**
 * The invariants that a run is held to: `finite`, and those that `--invariant` asks for besides, each NAME, NAME=BOUND or the
 * path of a file.
 * @throws UsageError when one is neither the name of an invariant nor a file that exports some.
 */
export async function askedInvariants(specs: readonly string[]): Promise<readonly StepInvariant[]> {
  const asked = [...DEFAULT_INVARIANTS];
  for (const spec of new Set(specs)) {
    const isFile = !isNamed(spec) && (/[\\/]|\.[cm]?[jt]s$/.test(spec) || existsSync(spec));
    const more = isFile ? await fileInvariants(spec) : [namedInvariant(spec)];
    asked.push(...more.filter((invariant) => !asked.includes(invariant)));
  }
  return asked;
}
