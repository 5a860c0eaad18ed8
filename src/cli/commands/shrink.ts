import { dirname } from "node:path";
import { shellWord } from "../../documents/printable.ts";
import type { Finding } from "../../findings/finding.ts";
import { type ShrunkFixture, shrinkFixture } from "../../findings/shrinkFixture.ts";
import { readFixture, rewriteFixture, type StoredFixture, writeFixture } from "../../fixtures/store.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { type ShrinkReport, shrinkJson, shrinkSummary } from "../../reporters/shrink.ts";
import { stoppedSentence } from "../../reporters/shrinkProgress.ts";
import { sizePhrase } from "../../reporters/size.ts";
import { SavedShrink } from "../../shrink/savedShrink.ts";
import { type Files, fileCommand, type Typed } from "../command.ts";
import { EXIT } from "../exitCodes.ts";
import { durationFlag } from "../flags/durationFlag.ts";
import type { Values } from "../flags/flag.ts";
import { invariantFlag } from "../flags/invariantFlag.ts";
import { numberFlag, switchFlag, textFlag } from "../flags/kinds.ts";
import { programFlags } from "../flags/programFlags.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { engineFlag, jsonFlag } from "../flags/shared.ts";
import { hostsFor } from "../hostsFor.ts";
import { onInterrupt } from "../interrupt.ts";
import { checkOut } from "../outFolder.ts";
import { note, print, printJson } from "../output.ts";
import { ProgressLine } from "../progressLine.ts";
import { shrinkRunOf } from "../shrinkRunOf.ts";

const flags = {
  time: durationFlag({ description: "stop after this long with the best so far: 500ms, 60s, 10m" }),
  candidates: numberFlag({
    description: "stop after trying so many steps, with the best so far; the same on every machine",
    min: 1,
    integer: true,
  }),
  engine: engineFlag,
  ...programFlags,
  invariant: invariantFlag,
  run: switchFlag(
    "look for the smallest fresh run instead that dies the same way; for a fixture of a run, always",
  ),
  out: textFlag({ description: "folder for the shrunk fixture", defaultWords: "the folder of FILE" }),
  progress: progressFlag,
  json: jsonFlag,
} as const;

/** `nanproof shrink`: makes a fixture as small as it will go without dying of anything else. */
export const shrinkCommand = fileCommand({
  name: "shrink",
  description: "make a fixture as small as it will go",
  exits: "0 shrunk, 1 does not die of its signature here, 3 not confirmed on tfjs-wasm",
  example: "shrink death.json --time 10m",
  operand: { name: "file", description: "a fixture", many: false },
  flags,
  run: runShrink,
});

async function runShrink([file]: Files, given: Values<typeof flags>, typed: Typed): Promise<number> {
  const { time, candidates, out: folder = dirname(file), run, json } = given;
  const stored = readFixture(file);
  checkOut(folder);
  const hosts = await hostsFor(stored, given, typed);
  const { host, others, confirm, again } = hosts;
  const interrupt = onInterrupt();
  const line = new ProgressLine();
  try {
    if (run || stored.fixture.grade === "run")
      return await shrinkRunOf(stored, hosts, interrupt, { ...given, folder });
    const start = performance.now();
    const saved = new SavedShrink(folder, stored.fixture, host);
    const resume = saved.read();
    if (resume)
      note(
        `going on from where an earlier shrink of ${shellWord(shownPath(file))} was stopped, after ${resume.candidates} candidates`,
      );
    const result = await shrinkFixture(stored, host, others, {
      budget: {
        ...(time !== undefined && { ms: 1000 * time }),
        ...(candidates !== undefined && { candidates }),
      },
      signal: interrupt.signal,
      onProgress: (progress) => {
        if (saved.keep(progress)) interrupt.lastWords(stoppedSentence(folder));
        line.tell({
          head: `shrinking: ${sizePhrase(host.program.stepSize(progress.best.step))}`,
          tail: `${progress.candidates} candidates, pass ${progress.pass}`,
          counted: { what: "candidates", done: progress.candidates, total: candidates ?? null },
          ...(time !== undefined && { seconds: time }),
        });
      },
      onBare: (bare) => {
        // What follows may take longer than whoever pressed Ctrl-C waits.
        if (!interrupt.signal.aborted) return;
        interrupt.lastWords(
          `stopped; as small as it got is ${shownPath(write(folder, bare))}, not confirmed elsewhere`,
        );
      },
      ...(resume && { resume }),
    });
    line.close();
    const report = reportOf(result, stored, folder, (performance.now() - start) / 1000);
    saved.remove();
    if (json) printJson(shrinkJson(report));
    else print(shrinkSummary(shownPath(file), stored.fixture, host.name, report, again));
    if (interrupt.signal.aborted) return interrupt.exitCode();
    if (report.forPeople === null) return EXIT.violated;
    return report.forPeople.reproducesOn.includes(confirm) ? EXIT.ok : EXIT.inconclusive;
  } finally {
    line.close();
    interrupt.release();
    await host.close?.();
  }
}

/** Writes the fixture that was found, and makes the report on it. */
function reportOf(
  result: ShrunkFixture,
  stored: StoredFixture,
  folder: string,
  seconds: number,
): ShrinkReport {
  if (result.status === "diverged") {
    const { signature } = result;
    const nothing = { fixture: null, before: null, after: null, forPeople: null };
    return { ...nothing, signature, minimal: false, candidates: 0, seconds };
  }
  const { finding, before, unchanged, slips } = result;
  const { expected, sentence, size, minimal } = finding.fixture;
  return {
    fixture: shownPath(
      unchanged && folder === dirname(stored.path) ? update(stored, finding) : write(folder, finding),
    ),
    signature: expected.signature,
    before,
    after: size,
    minimal,
    candidates: finding.candidates,
    seconds,
    forPeople: {
      sentence,
      unchanged,
      reproducesOn: expected.reproducesOn,
      differsOn: expected.differsOn ?? {},
      slips: slips.map((slip) => ({
        fixture: shownPath(write(folder, slip)),
        signature: slip.fixture.expected.signature,
      })),
    },
  };
}

function write(folder: string, { fixture, binary }: Finding): string {
  return writeFixture(folder, fixture, binary);
}

/** A fixture whose case stays as it is keeps its name, what it expects and its bytes, if it knows its size already. */
function update({ path, fixture }: StoredFixture, { fixture: { sentence, size, minimal } }: Finding): string {
  const known = fixture.sentence !== undefined && fixture.size !== undefined && fixture.minimal === minimal;
  if (!known) rewriteFixture(path, { ...fixture, sentence, size, minimal });
  return path;
}
