import { TARGET_NAMES } from "../../exports/targets.ts";
import type { Values } from "../flags/flag.ts";
import { choiceFlag, switchFlag, textFlag, textsFlag } from "../flags/kinds.ts";
import { progressFlag } from "../flags/progressFlag.ts";
import { jsonFlag } from "../flags/shared.ts";

/** Everything that `--to` takes. */
export const TO_NAMES = [...TARGET_NAMES, "bundle"] as const;

/** The flags of export. */
export const exportFlags = {
  to: choiceFlag({
    description: "what it is written for (bundle, a folder, is for fixtures of programs)",
    choices: TO_NAMES,
  }),
  program: textFlag({ description: "the program that the fixture is of, for a bundle" }),
  with: textsFlag("a file or folder that the program reads, for a bundle; again and again"),
  out: textFlag({
    description: "file for the script, many numbers go into a file beside it; or the bundle's folder",
    defaultWords: "stdout; of a bundle NAME-bundle",
  }),
  verify: switchFlag("run it, and nudge a script's weights within the fixture's margin where it lives"),
  python: textFlag({ description: "the Python that --verify runs", defaultWords: "python3" }),
  issue: switchFlag(
    "print what the framework's form for bugs asks for, in Markdown, with the code in a fold",
  ),
  progress: progressFlag,
  json: jsonFlag,
} as const;

/** The values of export's flags, and its file. */
export type ExportFlags = Values<typeof exportFlags> & { file: string };
