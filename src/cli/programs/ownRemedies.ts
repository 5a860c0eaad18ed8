import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import { quotedPath, shellWord } from "../../documents/printable.ts";
import type { StoredFixture } from "../../fixtures/store.ts";
import type { Fix } from "../../programs/fix.ts";
import type { ProgramCase } from "../../programs/process/case.ts";
import type { Hosting } from "../../programs/process/hosting.ts";
import { givenKnobs, knobsMisfit, textOf } from "../../programs/process/knobs.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import { fileFix, knobFix } from "../../programs/process/remedies/interventions.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import { note } from "../output.ts";
import { startProgram } from "./opening.ts";

/** The flags by which a person names remedies to try on a program. */
interface OwnFlags {
  fix: readonly string[];
  knob: readonly string[];
}

/** The remedies that a person names for a death of their program, and the host that can try them. */
export interface OwnRemedies {
  own: Fix<ProgramCase>[];
  host: ProgramHost;
}

/**
 * Starts the person's fixed files beside their program.
 * @throws UsageError when a file is none, or has other knobs than the fixture's run; or a knob is none of the program's.
 */
export async function ownRemedies(
  host: ProgramHost,
  stored: StoredFixture,
  { fix, knob }: OwnFlags,
): Promise<OwnRemedies> {
  const own: Fix<ProgramCase>[] = [];
  const fixed = new Map<string, Hosting>();
  const close = async () => {
    for (const other of fixed.values()) await other.end();
    await host.close?.();
  };
  try {
    own.push(...knobFixes(host, knob));
    for (const file of fix) {
      const path = requireFile(file, host);
      const other = await startProgram({ ...host.hosting.order, file });
      fixed.set(path, other.hosting);
      const misfit = whyNot(host, other, stored);
      if (misfit !== null)
        throw new UsageError(
          "NANPROOF_E_FIX",
          `--fix is ${quotedPath(file)}: ${misfit}`,
          "give the same program with its fault mended: of the same form, with the same knobs",
        );
      own.push(fileFix(path, shownPath(file)));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { own, host: { ...host, fixed, close } };
}

/** Says on stderr what else a person could try; nothing where they have named something. */
export function tellOwn({ hosting: { ready } }: ProgramHost, { fix, knob }: OwnFlags): void {
  if (fix.length + knob.length > 0) return;
  const names = Object.keys(ready.knobs);
  note(
    names.length === 0
      ? `${ready.file.name} has no knobs: only what can be done to it from outside is tried, and what --fix FILE gives`
      : `${ready.file.name} has the knobs ${names.join(", ")}: --knob ${names[0]}=VALUE tries one, --fix FILE a mended program`,
  );
}

function knobFixes({ hosting: { ready } }: ProgramHost, texts: readonly string[]): Fix<ProgramCase>[] {
  return texts.flatMap((text) =>
    Object.entries(givenKnobs(ready.knobs, [text])).map(([name, value]) =>
      knobFix(name, value, textOf(value)),
    ),
  );
}

function requireFile(file: string, { hosting }: ProgramHost): string {
  const wrong = (what: string) =>
    new UsageError(
      "NANPROOF_E_FIX",
      `--fix is ${quotedPath(file)} beside --program: ${what}`,
      `give the path of ${shellWord(basename(hosting.file))} with its fault mended`,
    );
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw wrong("there is no such file");
  if (!stats.isFile()) throw wrong("it is no regular file");
  if (file.endsWith(".py") !== hosting.file.endsWith(".py")) throw wrong("it is in another language");
  return resolve(file);
}

/** Why a file cannot take the place of a program; null where it can. */
function whyNot(host: ProgramHost, other: ProgramHost, { fixture }: StoredFixture): string | null {
  if (other.file?.sha256 === host.file?.sha256) return "it is the program as it is";
  const { form, knobs } = other.hosting.ready;
  if (form !== host.hosting.ready.form) return `it is a ${form}, and the program is none`;
  return knobsMisfit(knobs, (fixture.case as ProgramCase).knobs);
}
