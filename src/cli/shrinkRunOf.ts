import { dirname } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import { type RunFinding, runFinding } from "../findings/runFinding.ts";
import { heldTo } from "../fixtures/heldTo.ts";
import { type StoredFixture, writeFixture } from "../fixtures/store.ts";
import type { Host } from "../programs/program.ts";
import { shownPath } from "../reporters/shownPath.ts";
import { type ShrinkReport, shrinkJson, shrinkSummary } from "../reporters/shrink.ts";
import { stoppedSentence } from "../reporters/shrinkProgress.ts";
import { sizePhrase } from "../reporters/size.ts";
import { RunAttempts } from "../shrink/run/attempt.ts";
import { shrinkRun } from "../shrink/run/shrinkRun.ts";
import { SavedTrail } from "../shrink/run/trail.ts";
import { EXIT } from "./exitCodes.ts";
import type { Hosts } from "./hostsFor.ts";
import type { Interrupt } from "./interrupt.ts";
import { note, print, printJson } from "./output.ts";
import { ProgressLine } from "./progressLine.ts";

/** Runs that are started where no budget is given: every one of them is a chance, so there is no end by itself. */
const DEFAULT_CANDIDATES = 1000;

interface RunFlags {
  time: number | undefined;
  candidates: number | undefined;
  json: boolean;
  /** For the shrunk fixture. */
  folder: string;
}

/**
 * `nanproof shrink` of a run: looks for the smallest fresh run that dies the same way.
 * @returns The exit code.
 * @throws UsageError when the fixture does not name the run that it comes from.
 */
export async function shrinkRunOf(
  stored: StoredFixture,
  hosts: Hosts,
  interrupt: Interrupt,
  flags: RunFlags,
): Promise<number> {
  const { others, confirm, again } = hosts;
  const host = heldTo(hosts.host, stored);
  const { time, candidates = time === undefined ? DEFAULT_CANDIDATES : undefined, json, folder } = flags;
  const run = runOf(stored, host.program);
  const { path, fixture } = stored;
  const { expected } = fixture;
  const line = new ProgressLine();
  try {
    const start = performance.now();
    const saved = new SavedTrail(folder, run, host);
    const resume = saved.read();
    if (resume)
      note(
        `going on from where an earlier shrink of ${shellWord(shownPath(path))} was stopped, after ${resume.candidates} candidates`,
      );
    const shrunk = await shrinkRun(new RunAttempts(host, dirname(path)), run, {
      budget: {
        ...(time !== undefined && { ms: 1000 * time }),
        ...(candidates !== undefined && { candidates }),
      },
      signal: interrupt.signal,
      onProgress: ({ cut, trail }) => {
        if (saved.keep(trail)) interrupt.lastWords(stoppedSentence(folder));
        const { candidates: tried, best } = trail;
        line.tell({
          head: `shrinking the run: ${sizePhrase(host.program.caseSize(best))}`,
          tail: `${tried} runs, cutting ${cut}`,
          counted: { what: "runs", done: tried, total: candidates ?? null },
          ...(time !== undefined && { seconds: time }),
        });
      },
      ...(resume && { resume }),
    });
    if (shrunk === null && interrupt.signal.aborted) return interrupt.exitCode();
    const seconds = () => (performance.now() - start) / 1000;
    if (shrunk === null || shrunk.run.fatal.death.mechanism !== mechanismOf(expected.signature)) {
      const signature = shrunk?.run.fatal.death.signature ?? null;
      const nothing = { fixture: null, before: null, after: null, forPeople: null };
      saved.remove();
      tell({ ...nothing, signature, minimal: false, candidates: 0, seconds: seconds() });
      return EXIT.violated;
    }
    const opened = await others();
    const { captured: _, engine: __, shrunkFrom: ___, ...provenance } = fixture.provenance;
    const finding = await runFinding(
      host,
      shrunk,
      { provenance, run, folder: dirname(path) },
      {
        others: opened,
        signal: interrupt.signal,
      },
    );
    for (const other of opened) await other.close?.();
    const report = reportOf(stored, finding, folder, { candidates: shrunk.candidates, seconds: seconds() });
    saved.remove();
    tell(report);
    if (interrupt.signal.aborted) return interrupt.exitCode();
    return finding.confirmedOn.includes(confirm) ? EXIT.ok : EXIT.inconclusive;

    function tell(report: ShrinkReport): void {
      line.close();
      if (json) printJson(shrinkJson(report));
      else print(shrinkSummary(shownPath(path), fixture, host.name, report, again));
    }
  } finally {
    line.close();
  }
}

/** The run that a fixture is, or comes from, as far as its death. */
function runOf({ path, fixture }: StoredFixture, { runShrinking }: Host["program"]): unknown {
  if (fixture.grade === "run") return fixture.case;
  const { run, step } = fixture.provenance;
  if (run === undefined)
    throw new UsageError(
      "NANPROOF_E_NO_RUN",
      `${shellWord(path)}: names no run that it comes from (provenance.run)`,
      "capture the death again with nanproof train or hunt, which write it down",
    );
  return runShrinking.withSteps(run, Math.min(runShrinking.stepsOf(run), step));
}

function mechanismOf(signature: string): string | undefined {
  return signature.split("/")[1];
}

/** Writes the fixture that was found, and makes the report on it. */
function reportOf(
  stored: StoredFixture,
  { fixture, before }: RunFinding,
  folder: string,
  { candidates, seconds }: { candidates: number; seconds: number },
): ShrinkReport {
  const { expected, sentence, size, minimal } = fixture;
  const unchanged = JSON.stringify(fixture.case) === JSON.stringify(stored.fixture.case);
  return {
    // A case that stays as it is stays where it is, whatever its file is called.
    fixture: shownPath(
      unchanged && folder === dirname(stored.path) ? stored.path : writeFixture(folder, fixture),
    ),
    signature: expected.signature,
    before,
    after: size,
    minimal,
    candidates,
    seconds,
    forPeople: {
      sentence,
      unchanged,
      reproducesOn: expected.reproducesOn,
      differsOn: expected.differsOn ?? {},
      slips: [],
    },
  };
}
