import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../documents/errors.ts";

/** A text that came on stdin, in a file of its own for as long as the command runs. */
export interface StdinText {
  path: string;
  remove(): void;
}

/**
 * Reads stdin to its end and keeps it in a file.
 * @throws UsageError when it cannot be read.
 */
export function stdinText(): StdinText {
  const folder = mkdtempSync(join(tmpdir(), "nanproof-stdin-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const path = join(folder, "stdin");
  try {
    writeFileSync(path, readFileSync(0));
    return { path, remove };
  } catch (error) {
    remove();
    throw new UsageError(
      "NANPROOF_E_UNREADABLE",
      `--text is -, and stdin cannot be read (${(error as Error).message})`,
      "pipe a text into the command, or give a file",
    );
  }
}
