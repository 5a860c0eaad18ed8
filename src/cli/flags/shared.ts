import { PRESET_NAMES } from "../../programs/lstm/cases/presets.ts";
import { CONFIRMING_ENGINE, DEFAULT_ENGINE, ENGINE_NAMES } from "../../programs/lstm/engines/engine.ts";
import { choiceFlag, switchFlag } from "./kinds.ts";

/** `--engine`, the same everywhere. */
export const engineFlag = choiceFlag({
  description: "what computes",
  choices: ENGINE_NAMES,
  default: DEFAULT_ENGINE,
});
/** `--confirm`. */
export const confirmFlag = choiceFlag({
  description: "what a death must die on too",
  choices: ENGINE_NAMES,
  default: CONFIRMING_ENGINE,
});
/** `--json`, the same everywhere. */
export const jsonFlag = switchFlag("print one JSON document on stdout");
/** The preset that a run starts from where nothing is given. */
export const DEFAULT_PRESET = "published";
/** `--preset`, the same everywhere. */
export const presetFlag = choiceFlag({
  description: "the case to start from",
  choices: PRESET_NAMES,
  defaultWords: DEFAULT_PRESET,
});
/** `--no-shrink`, the same everywhere. */
export const shrinkFlag = switchFlag(
  "make the fixture of a death as small as it will go; --no-shrink leaves that out",
  { on: true },
);
