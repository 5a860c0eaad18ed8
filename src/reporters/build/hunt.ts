import { basename } from "node:path";
import { aboutFixture, fixtureCommand } from "../fixtureCommand.ts";
import { type HuntSummary, lostCaseSentence, repeatedFlags } from "../hunt.ts";
import { sourcePlace } from "../sourcePlace.ts";
import { type BuildItem, type BuildReport, notPassed, passed } from "./buildReport.ts";

/** The findings of a hunt, for a build. */
export function huntBuild(title: string, report: HuntSummary): BuildReport {
  const { cases, steps, deaths } = report.tally;
  const items = huntItems(report);
  return {
    command: "hunt",
    title,
    summary: `${cases} cases, ${steps} steps: ${deaths === 0 ? "no death" : `${deaths} deaths`}`,
    items: items.length > 0 ? items : [{ ...passed(`${cases} cases`, "no death"), file: null }],
  };
}

/** The findings of a hunt, one entry a failure, a stale fixture or a lost case. */
export function huntItems({ failures, stale, tally, settings, replay }: HuntSummary): BuildItem[] {
  const again = repeatedFlags(settings);
  const program = settings.host.kind === "file" ? basename(settings.host.file) : null;
  const found = failures.map(({ signature, path, confirmed, fixture }) => {
    const doubt = confirmed ? "" : `; not confirmed on ${settings.confirm.name}`;
    const known = {
      name: path ?? signature,
      kind: signature,
      message: `a death was found: ${fixture.sentence ?? signature}${doubt}`,
      details: [path === null ? replay : fixtureCommand("replay", aboutFixture(path, fixture), again)],
    };
    const place =
      settings.host.kind === "file" ? sourcePlace(settings.host.file, fixture.expected.site) : null;
    return { ...notPassed(confirmed ? "failed" : "skipped", known), file: path, ...place };
  });
  const old = stale.map(({ path, signature, step }) =>
    notPassed("failed", {
      ...{ name: path, kind: "stale" },
      message: `it no longer dies as it should: now ${signature ?? "it lives"} at step ${step}`,
      details: [fixtureCommand("replay", { path, expected: null, program }, again, "--update")],
    }),
  );
  const lost = tally.lost.map((entry) => ({
    ...notPassed("skipped", {
      ...{ name: `case ${entry.index}`, kind: "lost", message: lostCaseSentence(entry) },
      details: [replay],
    }),
    file: null,
  }));
  return [...found, ...old, ...lost];
}
