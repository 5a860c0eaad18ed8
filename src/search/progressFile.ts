import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sync as writeFileAtomic } from "write-file-atomic";
import * as z from "zod";
import { UsageError } from "../cases/errors.ts";
import { shellWord } from "../cases/printable.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Tally } from "./tally.ts";

/** The folder, inside that of the fixtures, of what is needed to go on. */
export const PROGRESS_FOLDER = ".nanproof";

const count = z.int().min(0);
const ref = z.object({ index: count, parent: z.custom<TrainingCase>().nullable() });

const progressSchema = z.object({
  schemaVersion: z.literal(1),
  /** Every case below this is booked. */
  next: count,
  tally: z.custom<Tally>((value) => typeof value === "object" && value !== null),
  /** Deaths that were seen and not captured yet. */
  pending: z.array(z.object({ ref, signature: z.string() })),
  /** What the strategy has learned. */
  strategy: z.unknown(),
});

/** How far a hunt has got. */
export type HuntProgress = z.infer<typeof progressSchema>;

/** Where a hunt keeps how far it has got: a file for each thing that can be hunted, so that no other goes on from it. */
export function progressPath(folder: string, what: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(what)).digest("hex");
  return join(folder, PROGRESS_FOLDER, `hunt-${hash.slice(0, 12)}.json`);
}

/** How far the hunt got that wrote this file; null where there is none, or none that this version can read. */
export function readProgress(path: string): HuntProgress | null {
  if (!existsSync(path)) return null;
  try {
    return progressSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/**
 * Writes how far a hunt has got, whole or not at all.
 * @throws UsageError when the file cannot be written.
 */
export function writeProgress(path: string, progress: Omit<HuntProgress, "schemaVersion">): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, JSON.stringify({ schemaVersion: 1, ...progress }));
  } catch (error) {
    throw new UsageError(
      "NANPROOF_E_WRITE",
      `${shellWord(path)}: cannot be written (${(error as Error).message})`,
      "make room and give write access to its folder",
    );
  }
}
