import { existsSync } from "node:fs";
import { basename } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { shown } from "../documents/fieldName.ts";
import { quotedPath } from "../documents/printable.ts";
import { type CaseFix, isCaseFile, readCaseFix } from "../programs/lstm/fixes/caseFix.ts";
import { FIX_NAMES, fixNamed, type Subject } from "../programs/lstm/fixes/fixes.ts";
import { loadFix, type UsersFix } from "../programs/lstm/fixes/fixModule.ts";
import { note } from "./output.ts";

/** A longer name is shown in part. */
const LONGEST = 200;

/**
 * Reads the subject that `--subject` or `--fix` names: a fix or preset, or else a file, of a case in JSON or of a user's own fix.
 * Whatever a module prints goes to stderr.
 * @throws UsageError when it is neither, or the file holds no case and is no module that exports a fix.
 */
export async function subjectOf(
  flag: "fix" | "subject",
  given: string,
): Promise<Subject | UsersFix | CaseFix> {
  const known = fixNamed(given);
  if (known !== undefined) return known;
  if (isCaseFile(given)) return readCaseFix(given);
  if (/[\\/]|\.[cm]?[jt]s$/.test(given) || existsSync(given))
    return loadFix(given, { onPrint: (line) => note(`${basename(given)}: ${line}`) });
  throw new UsageError(
    "NANPROOF_E_FIX",
    `--${flag} is ${given.length > LONGEST ? shown(given) : quotedPath(given)}: there is no such fix or preset`,
    `give one of ${FIX_NAMES.join(", ")}, or the path of an ES module that exports fix, or of a case in JSON`,
  );
}
