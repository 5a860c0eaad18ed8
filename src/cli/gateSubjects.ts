import { basename, resolve } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { quotedPath, shellText } from "../documents/printable.ts";
import { PRESET_NAMES, presets } from "../programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { type CaseFix, readCaseFix } from "../programs/lstm/fixes/caseFix.ts";
import type { Subject } from "../programs/lstm/fixes/fixes.ts";
import type { UsersFix } from "../programs/lstm/fixes/fixModule.ts";
import { shownPath } from "../reporters/shownPath.ts";
import { LONGEST_NAME } from "./flags/caseFlags.ts";
import { subjectOf } from "./subject.ts";

/** The preset, or the case of a file, that a subject is, from which a hunt can start. */
interface SubjectBase {
  name: string;
  testCase: TrainingCase;
  /** The flag and value to type for it. */
  words: string;
}

/** One subject that a gate judges. */
export interface GateSubject {
  fix: Subject | UsersFix;
  /** As it was typed, and after which flag. */
  given: { flag: "subject" | "case"; text: string };
  /** As it is shown. */
  shown: string;
  /** Null of what is a change of other cases alone. */
  base: SubjectBase | null;
}

/**
 * Opens the subjects that `--subject` and `--case` name, in that order; the default subject where neither is given.
 * @throws UsageError when one is nothing that can be judged, or two are the same.
 */
export async function openSubjects(
  asked: { subject: readonly string[]; case: readonly string[] },
  byDefault: string,
): Promise<GateSubject[]> {
  const none = asked.subject.length + asked.case.length === 0;
  const given = [
    ...(none ? [byDefault] : asked.subject).map((text) => ({ flag: "subject" as const, text })),
    ...asked.case.map((text) => ({ flag: "case" as const, text })),
  ];
  refuseTwice(given.map(({ flag, text }) => ({ flag, text, same: text })));
  const opened: GateSubject[] = [];
  try {
    for (const one of given) opened.push(await openSubject(one));
    refuseTwice(opened.map(({ given: { flag, text }, shown }) => ({ flag, text, same: shown })));
    return opened;
  } catch (error) {
    await closeSubjects(opened);
    throw error;
  }
}

/** Ends the processes of fixes. A call that is under way ends with it. */
export async function closeSubjects(subjects: readonly GateSubject[]): Promise<void> {
  for (const { fix } of subjects) if ("close" in fix) await fix.close();
}

async function openSubject(given: GateSubject["given"]): Promise<GateSubject> {
  const { flag, text } = given;
  const fix = flag === "case" ? readCaseFix(text) : await subjectOf("subject", text);
  const shown = fix.acts === "as-changed" ? shownPath(text) : fix.name;
  if (isCase(fix)) {
    const name = basename(text).slice(0, LONGEST_NAME);
    return { fix, given, shown, base: { name, testCase: fix.base, words: `--case ${shellText(text)}` } };
  }
  const preset = PRESET_NAMES.find((name) => name === fix.name);
  const isPreset = preset !== undefined && fix.acts !== "as-changed";
  const base = isPreset ? { name: preset, testCase: presets[preset], words: `--preset ${preset}` } : null;
  return { fix, given, shown, base };
}

function isCase(fix: Subject | UsersFix | CaseFix): fix is CaseFix {
  return "base" in fix;
}

/**
 * Refuses what is named twice.
 * @throws UsageError naming it.
 */
function refuseTwice(given: readonly { flag: string; text: string; same: string }[]): void {
  const seen = new Set<string>();
  for (const { flag, text, same } of given) {
    if (seen.has(same))
      throw new UsageError(
        "NANPROOF_E_FLAGS",
        `--${flag} is given ${quotedPath(text)} twice`,
        "give each once: what is judged twice says nothing more",
      );
    seen.add(same);
  }
}

/** Folders of fixtures, each once. @throws UsageError when one is given twice. */
export function refuseFolderTwice(folders: readonly string[]): void {
  refuseTwice(folders.map((text) => ({ flag: "fixtures", text, same: resolve(text) })));
}
