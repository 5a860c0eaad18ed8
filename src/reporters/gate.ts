import { shellWord } from "../documents/printable.ts";
import type { GateVerdict } from "../gate/gate.ts";
import { fixtureCommand, NOTHING_TYPED, type Typed } from "./fixtureCommand.ts";

/** What a gate showed of one fixture; its path as typed from here. */
export interface GateRow {
  fixture: string;
  verdict: GateVerdict;
}

/** The JSON document of `nanproof gate`. `hunt` is what `nanproof hunt` would print. */
export function gateJson(subject: string, rows: readonly GateRow[], hunt: object | null) {
  const held: string[] = [];
  const failed: { fixture: string; signature: string | null }[] = [];
  const stale: { fixture: string; why: string }[] = [];
  const notJudged: { fixture: string; why: string }[] = [];
  for (const { fixture, verdict } of rows)
    switch (verdict.verdict) {
      case "held":
        held.push(fixture);
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
  return { subject, held, failed, stale, notJudged, hunt };
}

/** What a gate showed, in plain words: what is wrong first, each with the command that shows it. */
export function gateSummary(
  subject: string,
  rows: readonly GateRow[],
  typed: Typed = NOTHING_TYPED,
): string[] {
  const replay = (path: string, ...more: string[]) =>
    fixtureCommand("replay", { path, expected: null }, typed, ...more);
  const { held, failed, stale, notJudged } = gateJson(subject, rows, null);
  return [
    ...failed.flatMap(({ fixture, signature }) => [
      `failed      ${shellWord(fixture)}`,
      `  with ${shellWord(subject)} it still dies of ${signature ?? "a cause unknown"}; without:`,
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
