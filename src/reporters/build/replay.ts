import type { Replay } from "../../fixtures/replay.ts";
import type { Fixture } from "../../fixtures/schema.ts";
import { aboutFixture, fixtureCommand, type RepeatedFlags } from "../fixtureCommand.ts";
import { sourcePlace } from "../sourcePlace.ts";
import { type BuildItem, type BuildReport, notPassed, passed } from "./buildReport.ts";

/** The results of replayed fixtures, for a build. */
export function replayBuild(engine: string, items: readonly BuildItem[]): BuildReport {
  const diverged = items.filter(({ outcome }) => outcome === "failed").length;
  return {
    command: "replay",
    title: `on ${engine}`,
    summary: `${items.length - diverged} reproduced, ${diverged} diverged on ${engine}`,
    items,
  };
}

/**
 * The result of one replayed fixture.
 * @param program Path of the person's file that it is a death of, if it is of one.
 */
export function replayItem(
  path: string,
  fixture: Fixture,
  { reproduced, signature, step, trajectory }: Replay,
  again: RepeatedFlags,
  program?: string,
): BuildItem {
  const { expected, sentence } = fixture;
  if (reproduced) return passed(path, expected.signature, sentence === undefined ? [] : [sentence]);
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  // Of one that dies of something else that line, of one that lives the line where it died.
  const place = program === undefined ? null : sourcePlace(program, (diagnosis ?? expected).site);
  const item = notPassed("failed", {
    ...{ name: path, kind: "diverged" },
    message: `${signature ?? "no death"} at step ${step} where ${expected.signature} at step ${expected.step} is expected`,
    details: [fixtureCommand("replay", aboutFixture(path, fixture), again)],
  });
  return { ...item, ...place };
}
