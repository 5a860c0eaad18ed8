import { UsageError } from "../../documents/errors.ts";
import { shellWord } from "../../documents/printable.ts";
import type { Rendered } from "../../exports/render.ts";
import type { Reproduction } from "../../exports/reproduction.ts";
import type { Target } from "../../exports/target.ts";
import { TARGET_NAMES, TARGETS, type TargetName } from "../../exports/targets.ts";
import { shownPath } from "../../reporters/shownPath.ts";
import type { ExportFlags } from "./exportFlags.ts";

/** The target of a script. @throws UsageError when flags beside it are for something else. */
export function scriptTarget(
  { verify: verifies, python, program, with: more }: ExportFlags,
  to: TargetName,
): Target {
  const target = TARGETS[to];
  const forBundle = program !== undefined ? "program" : more.length > 0 ? "with" : null;
  if (forBundle !== null)
    throw new UsageError(
      "NANPROOF_E_USAGE",
      `--${forBundle} is given beside --to ${to}, which is for fixtures of nanproof's own LSTM`,
      `give --to bundle, or leave --${forBundle} out`,
    );
  if (python === undefined) return target;
  if (!verifies)
    throw new UsageError(
      "NANPROOF_E_USAGE",
      `--python is ${JSON.stringify(python)}, and nothing is run`,
      "give --verify too, or leave --python out",
    );
  if (target.language === "python") return target;
  throw new UsageError(
    "NANPROOF_E_USAGE",
    `--python is ${JSON.stringify(python)}, and --to ${to} runs in Node`,
    "leave --python out",
  );
}

/** Refuses what cannot be written. @throws UsageError when the target cannot express the reproduction; it names those that can. */
export function checkExpressed(file: string, reproduction: Reproduction, target: Target): void {
  const why = target.refuses(reproduction);
  if (why === null) return;
  const able = TARGET_NAMES.filter((name) => TARGETS[name].refuses(reproduction) === null);
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    `${shellWord(shownPath(file))}: ${target.title} cannot express it: ${why}`,
    `give --to ${able.join(", ")}`,
  );
}

/** Refuses a script without a place. @throws UsageError when a second file is needed and there is no place for it. */
export function checkPlace({ beside, numbers }: Rendered, out: string | undefined): void {
  if (beside === null || out !== undefined) return;
  throw new UsageError(
    "NANPROOF_E_EXPORT",
    `--out is missing: ${numbers} numbers are too many for a script, and go into a file beside it`,
    `give --out FILE; FILE${beside.suffix} is written too`,
  );
}
