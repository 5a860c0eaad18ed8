import type { Tracker } from "./issueForms.ts";
import type { Reproduction } from "./reproduction.ts";
import type { NamedTensor } from "./tensors.ts";

/** Options of a script besides its reproduction. */
export interface ScriptOptions {
  /** True where its numbers lie in a file beside it. */
  inFile: boolean;
}

/** A framework that a reproduction is written for. */
export interface Target {
  /** The name that a reader knows it by. */
  title: string;
  language: "python" | "javascript";
  /** The command that runs the script, with its name to follow. */
  command: string;
  /** The tracker of its bugs. */
  tracker: Tracker;
  /** The packages that the script needs, by the names that they are installed by. */
  packages: readonly string[];
  /** Why it cannot express the reproduction; null where it can. */
  refuses(reproduction: Reproduction): string | null;
  tensors(reproduction: Reproduction): NamedTensor[];
  script(reproduction: Reproduction, options: ScriptOptions): string[];
}
