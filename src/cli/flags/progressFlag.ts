import { choiceFlag } from "./kinds.ts";

/** Ways of telling how far a command has come. */
export const PROGRESS_MODES = ["auto", "json", "none"] as const;
/** One of {@link PROGRESS_MODES}. */
export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** `--progress`, the same everywhere. */
export const progressFlag = choiceFlag({
  description:
    "how far it is, on stderr: a line (auto), an event a line in JSON, as schemas/progress.json describes it, or nothing",
  choices: PROGRESS_MODES,
  default: "auto",
});
