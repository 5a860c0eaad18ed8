import { shellWord } from "../documents/printable.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { CaseSize } from "../programs/program.ts";
import { fixtureCommand, NO_FLAGS, type RepeatedFlags } from "./fixtureCommand.ts";
import { sizePhrase } from "./size.ts";

/** The result of shrinking a fixture. */
export interface ShrinkReport {
  /** The shrunk fixture's path as typed from here; null where there is none. */
  fixture: string | null;
  /** The signature that it dies of here; null where it lives. */
  signature: string | null;
  before: CaseSize | null;
  after: CaseSize | null;
  minimal: boolean;
  candidates: number;
  seconds: number;
  /** Results that only a person is shown; null where the fixture was not shrunk. */
  forPeople: {
    sentence: string;
    unchanged: boolean;
    reproducesOn: readonly string[];
    differsOn: Partial<Record<string, string>>;
    slips: { fixture: string; signature: string }[];
  } | null;
}

/** The JSON document of `nanproof shrink`. */
export function shrinkJson({ forPeople: _, ...document }: ShrinkReport) {
  return { ...document, seconds: Number(document.seconds.toFixed(3)) };
}

/** The result of shrinking a fixture, in plain words. */
export function shrinkSummary(
  path: string,
  of: Pick<Fixture, "expected" | "program">,
  engine: string,
  report: ShrinkReport,
  again: RepeatedFlags = NO_FLAGS,
): string[] {
  const expected = of.expected.signature;
  const program = of.program?.name ?? null;
  const { fixture, signature, before, after, minimal, candidates, seconds, forPeople } = report;
  if (fixture === null || before === null || after === null || forPeople === null)
    return [
      `not shrunk: ${shellWord(path)} does not die of ${expected} on ${engine}`,
      signature === null ? "  it stays finite here" : `  it dies of ${signature} here`,
      "see what it does:",
      `  ${fixtureCommand("replay", { path, expected: null, program }, again, ...(program === null ? [`--engine ${engine}`] : []))}`,
    ];
  const effort = `${seconds.toFixed(1)} s, ${candidates} candidates, on ${engine}`;
  const lines = forPeople.unchanged
    ? [`as small as it was: ${shellWord(path)}, ${effort}`]
    : [`shrunk: ${shellWord(path)} to ${shellWord(fixture)}, ${effort}`];
  lines.push(
    `  ${forPeople.sentence}`,
    ...(forPeople.unchanged ? [] : [`  from  ${sizePhrase(before)}`]),
    `  ${forPeople.unchanged ? "size" : "to  "}  ${sizePhrase(after)}`,
    minimal
      ? "  minimal: nothing more of it can go"
      : "  not minimal: stopped before its end; shrink it again to go on",
    `  dies the same way on ${forPeople.reproducesOn.join(", ")}`,
  );
  for (const [name, why] of Object.entries(forPeople.differsOn))
    lines.push(`  not on ${name}: there it ${why}`);
  for (const slip of forPeople.slips)
    lines.push(`also met while shrinking: ${slip.signature}, kept in ${shellWord(slip.fixture)}`);
  lines.push(
    "replay it:",
    `  ${fixtureCommand("replay", { path: fixture, expected: { reproducesOn: [...forPeople.reproducesOn], invariants: [] }, program }, again)}`,
  );
  return lines;
}
