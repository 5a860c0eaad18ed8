import { dirname } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import { type RunFinding, runFinding } from "../findings/runFinding.ts";
import { heldTo } from "../fixtures/heldTo.ts";
import { type StoredFixture, writeFixture } from "../fixtures/store.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { CONFIRMING_ENGINE, type EngineName } from "../programs/lstm/engines/engine.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { shownPath } from "../reporters/shownPath.ts";
import { type ShrinkReport, shrinkJson, shrinkSummary } from "../reporters/shrink.ts";
import { stoppedSentence } from "../reporters/shrinkProgress.ts";
import { sizePhrase } from "../reporters/size.ts";
import { RunAttempts } from "../shrink/run/attempt.ts";
import { shrinkRun } from "../shrink/run/shrinkRun.ts";
import { SavedTrail } from "../shrink/run/trail.ts";
import { EXIT } from "./exitCodes.ts";
import { onInterrupt } from "./interrupt.ts";
import { openHeld } from "./openHeld.ts";
import { note, print, printJson } from "./output.ts";
import { ProgressLine } from "./progressLine.ts";

/** Runs that are started where no budget is given: every one of them is a chance, so there is no end by itself. */
const DEFAULT_CANDIDATES = 1000;

interface RunFlags {
  time: number | undefined;
  candidates: number | undefined;
  engine: EngineName;
  invariant: readonly string[];
  json: boolean;
  /** For the shrunk fixture. */
  folder: string;
}

/**
 * `nanproof shrink` of a run: looks for the smallest fresh run that dies the same way.
 * @returns The exit code.
 * @throws UsageError when the fixture does not name the run that it comes from.
 */
export async function shrinkRunOf(stored: StoredFixture, flags: RunFlags): Promise<number> {
  const {
    time,
    candidates = time === undefined ? DEFAULT_CANDIDATES : undefined,
    engine: name,
    invariant,
    json,
    folder,
  } = flags;
  const run = runOf(stored);
  const { path, fixture } = stored;
  const { expected } = fixture;
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  try {
    const engine = heldTo(await openHeld(name, invariant), stored);
    const start = performance.now();
    const saved = new SavedTrail(folder, run, engine);
    const resume = saved.read();
    if (resume)
      note(
        `going on from where an earlier shrink of ${shellWord(shownPath(path))} was stopped, after ${resume.candidates} candidates`,
      );
    const shrunk = await shrinkRun(new RunAttempts(engine, dirname(path)), run, {
      budget: {
        ...(time !== undefined && { ms: 1000 * time }),
        ...(candidates !== undefined && { candidates }),
      },
      signal: interrupt.signal,
      onProgress: ({ cut, trail }) => {
        if (saved.keep(trail)) interrupt.lastWords(stoppedSentence(folder));
        const { candidates: tried, best } = trail;
        line.tell(
          `shrinking the run: ${sizePhrase(engine.program.caseSize(best))}; ${tried} runs, cutting ${cut}`,
        );
      },
      ...(resume && { resume }),
    });
    if (shrunk === null && interrupt.signal.aborted) return interrupt.exitCode();
    const seconds = () => (performance.now() - start) / 1000;
    if (shrunk === null || shrunk.run.fatal.death.mechanism !== mechanismOf(expected.signature)) {
      const signature = shrunk?.run.fatal.death.signature ?? null;
      const nothing = { fixture: null, before: null, after: null, told: null };
      saved.remove();
      tell({ ...nothing, signature, minimal: false, candidates: 0, seconds: seconds() });
      return EXIT.violated;
    }
    const others = engine.name === CONFIRMING_ENGINE ? [] : [await openEngine(CONFIRMING_ENGINE)];
    const { captured: _, engine: __, shrunkFrom: ___, ...provenance } = fixture.provenance;
    const finding = await runFinding(
      engine,
      shrunk,
      { provenance, run, folder: dirname(path) },
      {
        others,
        signal: interrupt.signal,
      },
    );
    const report = reportOf(stored, finding, folder, { candidates: shrunk.candidates, seconds: seconds() });
    saved.remove();
    tell(report);
    if (interrupt.signal.aborted) return interrupt.exitCode();
    return finding.confirmedOn.includes(CONFIRMING_ENGINE) ? EXIT.ok : EXIT.inconclusive;

    function tell(report: ShrinkReport): void {
      line.close();
      if (json) printJson(shrinkJson(report));
      else
        print(
          shrinkSummary(shownPath(path), expected.signature, engine.name, report, { invariants: invariant }),
        );
    }
  } finally {
    line.close();
    interrupt.release();
  }
}

/** The run that a fixture is, or comes from, as far as its death. */
function runOf({ path, fixture }: StoredFixture): TrainingCase {
  if (fixture.grade === "run") return fixture.case;
  const { run, step } = fixture.provenance;
  if (run === undefined)
    throw new UsageError(
      "NANPROOF_E_NO_RUN",
      `${shellWord(path)}: names no run that it comes from (provenance.run)`,
      "capture the death again with nanproof train or hunt, which write it down",
    );
  return { ...run, steps: Math.min(run.steps, step) };
}

function mechanismOf(signature: string): string | undefined {
  return signature.split("/")[1];
}

/** Writes what was found, and puts together what is told of it. */
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
    told: {
      sentence,
      unchanged,
      reproducesOn: expected.reproducesOn,
      differsOn: expected.differsOn ?? {},
      slips: [],
    },
  };
}
