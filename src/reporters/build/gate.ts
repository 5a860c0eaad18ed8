import { fixtureCommand, type RepeatedFlags } from "../fixtureCommand.ts";
import type { GateRow } from "../gate.ts";
import type { HuntSummary } from "../hunt.ts";
import { type BuildItem, type BuildReport, notPassed, passed } from "./buildReport.ts";
import { huntItems } from "./hunt.ts";

/** The results of a gate, for a build. */
export function gateBuild(
  subject: string,
  rows: readonly GateRow[],
  hunted: HuntSummary | null,
  again: RepeatedFlags,
): BuildReport {
  const count = (...kinds: string[]) => rows.filter(({ verdict: { kind } }) => kinds.includes(kind)).length;
  const fixtures = `${count("held")} held, ${count("failed")} failed, ${count("stale")} stale, ${count("notJudged")} not judged`;
  const found = hunted === null ? "" : `; ${hunted.tally.cases} cases hunted, ${hunted.tally.deaths} died`;
  return {
    command: "gate",
    title: subject,
    summary: `${subject}: ${fixtures}${found}`,
    items: [...rows.map((row) => itemOf(subject, row, again)), ...(hunted === null ? [] : huntItems(hunted))],
  };
}

/** The results of a gate under several subjects, each item with its subject's name; those of one subject as they are. */
export function gateBuilds(reports: readonly BuildReport[]): BuildReport {
  const [first] = reports;
  if (first !== undefined && reports.length === 1) return first;
  return {
    command: "gate",
    title: reports.map(({ title }) => title).join(", "),
    summary: reports.map(({ summary }) => summary).join("; "),
    items: reports.flatMap(({ title, items }) =>
      items.map((item) => ({ ...item, name: `${item.name} under ${title}` })),
    ),
  };
}

function itemOf(
  subject: string,
  { fixture, program = null, verdict, source }: GateRow,
  again: RepeatedFlags,
): BuildItem {
  const about = { path: fixture, expected: null, program };
  const replay = (...more: string[]) => fixtureCommand("replay", about, again, ...more);
  switch (verdict.kind) {
    case "held":
      return passed(fixture, "held");
    case "failed": {
      const message = `${program === null ? `with ${subject}` : "on today's code"} it still dies of ${verdict.signature ?? "a cause unknown"}`;
      const item = notPassed("failed", { name: fixture, kind: "failed", message, details: [replay()] });
      return { ...item, ...source };
    }
    case "stale":
      return notPassed("failed", {
        ...{ name: fixture, kind: "stale", message: verdict.why },
        details: [replay("--update")],
      });
    case "notJudged":
      return notPassed("skipped", { name: fixture, kind: "not judged", message: verdict.why });
  }
}
