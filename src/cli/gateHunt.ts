import { availableParallelism } from "node:os";
import type { UsageError } from "../documents/errors.ts";
import { shellText } from "../documents/printable.ts";
import { writtenIfRoom } from "../findings/draft.ts";
import { type HuntReport, hunt } from "../hunt/hunt.ts";
import type { HuntSettings } from "../hunt/settings.ts";
import { lstmHunt } from "../library/huntSettings.ts";
import { version } from "../package.ts";
import { DOMAINS } from "../programs/lstm/cases/domains.ts";
import { presets } from "../programs/lstm/cases/presets.ts";
import { caseMaker } from "../programs/lstm/generation/caseMaker.ts";
import type { HuntSummary } from "../reporters/hunt.ts";
import { shownPath } from "../reporters/shownPath.ts";
import type { GateSubject } from "./gateSubjects.ts";
import { HuntProgressBar } from "./huntProgressBar.ts";
import { DEFAULT_OUT } from "./outFolder.ts";

const DOMAIN = "wide";
/** As much of a subject as a fixture holds. */
const LONGEST_PRESET = 200;
/** Generated cases that a user's fix is tried on before the hunt, so that one that cannot take them is refused. */
const TRIED = 50;

/** The subject to hunt under, and the seconds to hunt for. */
export interface GateHunt {
  subject: GateSubject;
  seconds: number;
  /** The invariants that runs are held to besides `finite`, as typed. */
  invariant: readonly string[];
  signal: AbortSignal;
  /** The gate's own command, as it was typed. */
  again: string;
}

/** The result of a gate's hunt. */
export interface GateHunted extends HuntReport {
  summary: HuntSummary;
  /** Why fixtures of it are not on disk, where the disk did not take them. */
  unwritten: UsageError[];
}

/**
 * Hunts over `wide` on the subject: always the same cases, as many as there is time for. What is found is written to
 * the folder of findings as it is found, apart from the fixtures, which are not replayed here.
 * @throws UsageError when a user's fix makes no case of a generated one.
 */
export async function gateHunt(order: GateHunt): Promise<GateHunted> {
  const settings = settingsFor(order);
  if (settings.fix !== null) await tryOn(order, settings.seed);
  const bar = new HuntProgressBar(settings);
  try {
    const unwritten: UsageError[] = [];
    const report = await hunt(settings, {
      ...bar.hooks,
      signal: order.signal,
      write: (findings) =>
        findings.map((finding) => writtenIfRoom(DEFAULT_OUT, finding, (error) => unwritten.push(error))),
    });
    return { ...report, summary: summaryOf(report, order), unwritten };
  } finally {
    bar.stop();
  }
}

function settingsFor({ subject, seconds, invariant }: GateHunt): HuntSettings {
  const { base, given, shown } = subject;
  return lstmHunt({
    domain: DOMAINS[DOMAIN],
    base: base?.testCase ?? presets.published,
    fix: base === null ? given.text : null,
    budget: { kind: "time", seconds },
    invariants: invariant,
    workers: availableParallelism(),
    provenance: {
      nanproof: version(),
      preset: base?.name ?? `published with ${shown}`.slice(0, LONGEST_PRESET),
      domain: DOMAIN,
    },
  });
}

async function tryOn({ subject: { fix }, signal }: GateHunt, seed: string): Promise<void> {
  const make = caseMaker({ domain: DOMAINS[DOMAIN], base: presets.published, seed });
  for (let index = 0; index < TRIED && !signal.aborted; index++)
    try {
      await fix.apply(make({ index, parent: null }));
    } catch (error) {
      // The process of the fix was ended by the interrupt.
      if (!signal.aborted) throw error;
    }
}

function summaryOf(report: HuntReport, { subject, again, invariant }: GateHunt): HuntSummary {
  const { settings, through, firstDeathAt } = report;
  const flags = invariant.map((asked) => ` --invariant ${shellText(asked)}`).join("");
  const replay =
    subject.base !== null
      ? `npx nanproof hunt ${subject.base.words} --domain ${DOMAIN} --seed ${settings.seed} --cases ${Math.max(1, through)}${flags}`
      : again;
  return {
    ...report,
    failures: report.failures.map((failure) => ({
      ...failure,
      path: failure.path === null ? null : shownPath(failure.path),
    })),
    firstFailureSeconds: firstDeathAt === null ? null : firstDeathAt / 1000,
    replay,
  };
}
