import { shellWord } from "../../documents/printable.ts";
import { describeFixture } from "../../findings/describe.ts";
import { heldTo, specsOf } from "../../fixtures/heldTo.ts";
import { measureFixes } from "../../fixtures/judge.ts";
import { type Replay, replayFixture } from "../../fixtures/replay.ts";
import type { Fixture } from "../../fixtures/schema.ts";
import { readFixture, rewriteFixture, type StoredFixture } from "../../fixtures/store.ts";
import type { Diagnosis } from "../../programs/death.ts";
import type { Host } from "../../programs/program.ts";
import { replayBuild, replayItem } from "../../reporters/build/replay.ts";
import { replayJson, replaySummary } from "../../reporters/replay.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { type Files, fileCommand, type Typed } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import type { Values } from "../flags/flag.ts";
import { invariantFlag } from "../flags/invariantFlag.ts";
import { switchFlag } from "../flags/kinds.ts";
import { programFlags } from "../flags/programFlags.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { reporterFlag } from "../flags/reporterFlag.ts";
import { engineFlag, jsonFlag } from "../flags/shared.ts";
import { hostsFor } from "../hostsFor.ts";
import { note } from "../output.ts";
import type { CommandProgress } from "../progress.ts";
import { ProgressLine } from "../progressLine.ts";
import { Reporting } from "../reporting.ts";

/** Milliseconds that a replay must take for its progress to be worth a line. */
const PATIENCE_MS = 300;

const flags = {
  engine: engineFlag,
  ...programFlags,
  invariant: invariantFlag,
  update: switchFlag("rewrite what the fixture expects to what came out"),
  progress: progressFlag,
  reporter: reporterFlag,
  json: jsonFlag,
} as const;

/** `nanproof replay`: reruns a fixture and says whether it dies as it did. */
export const replayCommand = fileCommand({
  name: "replay",
  description: "rerun fixtures; do they die as they did?",
  exits: "0 reproduced, 1 one diverged",
  example: "replay nanproof-findings/*.json",
  operand: { name: "files", description: "fixtures", many: true },
  flags,
  run: runReplay,
});

async function runReplay(files: Files, given: Values<typeof flags>, typed: Typed): Promise<number> {
  const reporting = new Reporting(given);
  // All are read before the first is run, so that a bad file is named at once; none is kept, since they may be large.
  if (files.length > 1) for (const file of files) readFixture(file);
  const documents = [];
  const items = [];
  const names = new Set<string>();
  let code: number = EXIT.ok;
  const line = new ProgressLine({ after: PATIENCE_MS });
  for (const [index, file] of files.entries()) {
    const stored = readFixture(file);
    const { host, again } = await hostsFor(stored, given, typed);
    names.add(host.name);
    try {
      const replay = await replayed(stored, host, (progress) => line.tell(among(files, index, progress)));
      if (files.length === 1) line.close();
      const updated = given.update ? await update(stored, replay, host) : null;
      // The facts about the death are those on disk now, the expectations those before the update.
      const fixture = { ...(updated ?? stored.fixture), expected: stored.fixture.expected };
      documents.push(replayJson(fixture, replay));
      items.push(replayItem(shownPath(file), fixture, replay, again, given.program));
      reporting.pretty(replaySummary(shownPath(stored.path), fixture, replay, host, again));
      code = worse(code, exitCodeOf(replay, updated !== null));
    } catch (error) {
      line.close();
      throw error;
    } finally {
      await host.close?.();
    }
  }
  line.close();
  const json = files.length === 1 ? documents[0] : namedDocuments(files, documents);
  reporting.end({ json, build: replayBuild([...names].join(", "), items) });
  return code;
}

function exitCodeOf({ reproduced, trajectory }: Replay, isUpdated: boolean): number {
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  if (diagnosis?.flaky !== undefined) return EXIT.inconclusive;
  return reproduced || isUpdated ? EXIT.ok : EXIT.violated;
}

/** Of several files that which diverged counts for more than one that is flaky. */
function worse(one: number, other: number): number {
  if (one === EXIT.violated || other === EXIT.violated) return EXIT.violated;
  return Math.max(one, other);
}

/** Of several files each document says whose it is. */
function namedDocuments(files: Files, documents: readonly object[]): object[] {
  return documents.map((document, index) => ({ fixture: shownPath(files[index] ?? ""), ...document }));
}

/** Rewrites what a fixture expects. @returns What it is then; null where there is nothing to expect. */
async function update(stored: StoredFixture, replay: Replay, engine: Host): Promise<Fixture | null> {
  const { trajectory } = replay;
  const path = shellWord(shownPath(stored.path));
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  if (diagnosis === null) {
    note(`not updated: the run does not die, so there is nothing to expect; delete ${path} if that is right`);
    return null;
  }
  const fixture = await updated(stored, replay, diagnosis, engine);
  rewriteFixture(stored.path, fixture, stored.isCapture && stored.binary);
  note(`updated ${path}`);
  return fixture;
}

/** Reruns a fixture, and shows its progress. */
function replayed(
  stored: StoredFixture,
  engine: Host,
  tell: (progress: CommandProgress) => void,
): Promise<Replay> {
  const steps = engine.program.runShrinking.stepsOf(stored.fixture.case);
  return replayFixture(stored, engine, {
    onStep: ({ step, loss }) =>
      tell({
        head: `step ${step}/${steps}`,
        tail: `loss ${loss.toFixed(4)}`,
        counted: { what: "steps", done: step, total: steps },
      }),
  });
}

/** The progress over several fixtures: the number that are done. */
function among(files: Files, index: number, progress: CommandProgress): CommandProgress {
  if (files.length === 1) return progress;
  return {
    head: `fixture ${index + 1}/${files.length}`,
    tail: `${progress.head}  ${progress.tail}`,
    counted: { what: "fixtures", done: index, total: files.length },
  };
}

/** The fixture that expects what came out, with its case described anew. */
async function updated(
  stored: StoredFixture,
  { reproduced, step, digest }: Replay,
  diagnosis: Diagnosis,
  engine: Host,
): Promise<Fixture> {
  const before = stored.fixture;
  const { mechanism: _, ...seen } = diagnosis;
  const specs = specsOf(heldTo(engine, stored), diagnosis);
  const same: Pick<Fixture["expected"], "digests" | "versions" | "differsOn"> = reproduced
    ? before.expected
    : { digests: {} };
  const digests = { ...same.digests, [engine.name]: digest };
  const versions = { ...same.versions, [engine.name]: engine.version };
  const { [engine.name]: __, ...differsOn } = same.differsOn ?? {};
  const expected: Fixture["expected"] = {
    ...seen,
    step,
    reproducesOn: engine.program.hostNames.filter((known) => known in digests),
    digests,
    versions,
    ...(Object.keys(differsOn).length > 0 && { differsOn }),
    ...(specs.length > 0 && { invariants: specs }),
  };
  const fixture = {
    ...before,
    ...(engine.file && { program: engine.file }),
    expected,
    minimal: before.minimal ?? false,
  };
  // Fixes of a chaotic run may do otherwise on another engine, and a cell grow otherwise in the last digit: what is
  // known of the default one counts.
  const isKnown = reproduced && engine.name !== engine.program.hostNames[0];
  const known = isKnown && before.sentence !== undefined && before.size !== undefined;
  const description = known ? null : await describeFixture({ ...stored, fixture }, engine);
  const fixes = (isKnown ? before.fixes : undefined) ?? (await fixesOf({ ...stored, fixture }, engine));
  return { ...fixture, ...description, fixes };
}

/** Tries the known fixes one after the other, which takes seconds each where the step is large. */
async function fixesOf(stored: StoredFixture, engine: Host): Promise<Fixture["fixes"]> {
  const line = new ProgressLine({ after: PATIENCE_MS });
  try {
    return await measureFixes(stored, engine, {
      onFix: (name, tried) =>
        line.tell({
          head: `trying the known fixes: ${name}, ${tried + 1} of ${engine.program.remedies.fixes.length}`,
          counted: { what: "fixes", done: tried, total: engine.program.remedies.fixes.length },
        }),
    });
  } finally {
    line.close();
  }
}
