import type { Fixture } from "../fixtures/schema.ts";
import type { CaseSize } from "../programs/program.ts";

import { aboutFixture, fixtureCommand, type RepeatedFlags } from "./fixtureCommand.ts";

/** The facts about a death besides its signature, as JSON documents have them; null for what is not known. */
interface KnownJson {
  sentence: string | null;
  size: CaseSize | null;
  /** The known fixes that it holds under, and those that it dies under all the same. */
  fixes: { holds: readonly string[]; fails: readonly string[] } | null;
}

/** The facts about a death that its fixture holds, as JSON documents have them. */
export function knownJson(fixture: Pick<Fixture, "sentence" | "size" | "fixes"> | undefined): KnownJson {
  const { sentence = null, size = null, fixes = null } = fixture ?? {};
  return { sentence, size, fixes };
}

/**
 * Says which known fixes help against a death, and of those that were not judged the command that judges them.
 * @param path Of the fixture, as typed from here.
 * @param names Of all known fixes.
 */
export function fixesLines(
  {
    grade,
    fixes,
    provenance,
    expected,
    program,
  }: Pick<Fixture, "grade" | "fixes" | "provenance" | "expected" | "program">,
  path: string,
  names: readonly string[],
  again: RepeatedFlags,
): string[] {
  // A person's program has none.
  if (names.length === 0) return [];
  const about = aboutFixture(path, { expected, program });
  if (fixes === undefined)
    return [
      "the known fixes were not tried on it; this does that:",
      `  ${fixtureCommand("replay", about, again, "--update")}`,
    ];
  const judged: string[] = [...fixes.holds, ...fixes.fails];
  const open = names.filter((name) => !judged.includes(name));
  const lines = [[`holds under ${listed(fixes.holds)}`, `dies under ${listed(fixes.fails)}`].join("; ")];
  if (open.length === 0) return lines;
  if (grade === "run")
    return [...lines, `not judged on a run, since they act within one step: ${open.join(", ")}`];
  lines.push(`not judged on one step: ${open.join(", ")}`);
  if (canBeRunAgain(provenance.run)) lines.push(`  ${fixtureCommand("shrink", about, again, "--run")}`);
  return lines;
}

/** True where a run can be found again from the fixture alone, which does not hold a text file that the run names. */
function canBeRunAgain(run: Fixture["provenance"]["run"]): boolean {
  const data = (run as { data?: { kind?: string; source?: { kind?: string } } } | undefined)?.data;
  return run !== undefined && !(data?.kind === "text" && data.source?.kind === "file");
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
