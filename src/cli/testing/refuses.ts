import { expect } from "vitest";
import { shellWord } from "../../documents/printable.ts";
import { runNanproof } from "./nanproof.ts";

/** Runs a command on a file that it must refuse, and checks what every refusal owes to its reader. */
export async function refuses(path: string, says: RegExp, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runNanproof(args, { timeout: 30_000 });
  expect(stderr).toMatch(says);
  expect(stderr.startsWith(`nanproof: ${shellWord(path)}: `), stderr).toBe(true);
  expect(stderr, "no stack trace, no bug report").not.toMatch(/\n\s+at |a bug/);
  expect(stderr.split("\n"), "what is wrong, and what to do").toHaveLength(2);
  expect(stdout).toBe("");
  expect(exitCode).toBe(2);
}
