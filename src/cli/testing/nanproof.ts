import { resolve } from "node:path";
import { execa, type Options } from "execa";

/** The built command's file, for the tests that start it through a shell or a terminal. */
export const MAIN = resolve("dist/cli/main.js");

/**
 * Runs the built command with arguments, as a shell would. What it ends with is for the test to look at: no exit code is an
 * error. It reads nothing from stdin unless `input` is given.
 */
export function runNanproof<O extends Options = Record<never, never>>(args: readonly string[], options?: O) {
  return execa(process.execPath, [MAIN, ...args], {
    reject: false as const,
    ...(options?.input === undefined ? { stdin: "ignore" as const } : {}),
    ...(options as O),
  });
}
