import { shellWord } from "../documents/printable.ts";
import type { GateVerdict } from "../gate/verdict.ts";
import { fixtureCommand, NO_FLAGS, type RepeatedFlags } from "./fixtureCommand.ts";
import type { SourcePlace } from "./sourcePlace.ts";

/** The result of one fixture in a gate; its path as typed from here. */
export interface GateRow {
  fixture: string;
  /** The name of the person's file that it is of; null of a fixture of the LSTM. */
  program?: string | null;
  verdict: GateVerdict;
  /** The line of that file at which it dies today; null where that is not known. */
  source?: SourcePlace | null;
}

/** The JSON document of `nanproof gate`. `hunt` is what `nanproof hunt` would print. */
export function gateJson(
  subject: string,
  rows: readonly GateRow[],
  hunt: object | null,
  { ofPrograms = false }: { /** True where programs were given. */ ofPrograms?: boolean } = {},
) {
  const held: string[] = [];
  const heldByRun: string[] = [];
  const failed: { fixture: string; signature: string | null }[] = [];
  const stale: { fixture: string; why: string }[] = [];
  const notJudged: { fixture: string; why: string }[] = [];
  for (const { fixture, verdict } of rows)
    switch (verdict.kind) {
      case "held":
        held.push(fixture);
        if (verdict.by === "run") heldByRun.push(fixture);
        break;
      case "failed":
        failed.push({ fixture, signature: verdict.signature });
        break;
      case "stale":
        stale.push({ fixture, why: verdict.why });
        break;
      case "notJudged":
        notJudged.push({ fixture, why: verdict.why });
    }
  return { subject, held, ...(ofPrograms && { heldByRun }), failed, stale, notJudged, hunt };
}

/** The results of a gate, in plain words: what is wrong first, each with the command that shows it. */
export function gateSummary(
  subject: string,
  rows: readonly GateRow[],
  again: RepeatedFlags = NO_FLAGS,
): string[] {
  const { held, failed, stale, notJudged } = gateJson(subject, rows, null);
  const programs = new Map(rows.map(({ fixture, program }) => [fixture, program]));
  const replay = (path: string, ...more: string[]) =>
    fixtureCommand("replay", { path, expected: null, program: programs.get(path) ?? null }, again, ...more);
  const died = (fixture: string, signature: string | null) => {
    const cause = signature ?? "a cause unknown";
    return programs.get(fixture)
      ? `  on today's code it still dies of ${cause}:`
      : `  with ${shellWord(subject)} it still dies of ${cause}; without:`;
  };
  return [
    ...failed.flatMap(({ fixture, signature }) => [
      `failed      ${shellWord(fixture)}`,
      died(fixture, signature),
      `  ${replay(fixture)}`,
    ]),
    ...stale.flatMap(({ fixture, why }) => [
      `stale       ${shellWord(fixture)}`,
      `  ${why}; look at it, then delete it or accept what comes out:`,
      `  ${replay(fixture, "--update")}`,
    ]),
    ...notJudged.flatMap(({ fixture, why }) => [`not judged  ${shellWord(fixture)}`, `  ${why}`]),
    `${shellWord(subject)}: ${held.length} held, ${failed.length} failed, ${stale.length} stale, ${notJudged.length} not judged`,
  ];
}
