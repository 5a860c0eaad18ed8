import type { ScriptRun } from "./scriptRun.ts";

/** The Python that runs scripts, and the signal that stops them. */
export interface Runner {
  /** The Python that has the framework; Node runs scripts in JavaScript. */
  python: string;
  signal?: AbortSignal;
}

/** The results of scripts that ran. */
export interface Runs {
  /** Names and versions of what ran them: `torch 2.15.0`, `Python 3.11.7`. */
  versions: readonly string[];
  /** In the order of the scripts; fewer where one that dies was to be the last. */
  runs: readonly ScriptRun[];
}

/** Characters of an error that are shown. */
export const ERROR_SHOWN = 2000;
