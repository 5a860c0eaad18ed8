import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../documents/errors.ts";
import { type Observation, observationSchema } from "../documents/observation.ts";
import { quotedPath, shellWord } from "../documents/printable.ts";
import { writeAll } from "../documents/writeAll.ts";
import { errorLines, jsonText, note } from "./output.ts";
import { tornFrom } from "./tornLine.ts";

/** As much of a file as is looked at to see that it holds observations: a line may be long. */
const LOOKED_AT = 4 * 2 ** 20;

/**
 * A file of observations, a line each, which is only ever added to. A line goes to its end in one piece: what a full disk has taken of
 * one is cut off again, and what is left of one by a power cut is cut off when the file is opened next.
 */
export class ObservationFile {
  readonly #path: string;
  readonly #descriptor: number;
  /** Why no more is written; null while all is well. */
  #broken: UsageError | null = null;

  /** @throws UsageError when it cannot be written to, or holds something else. */
  constructor(path: string) {
    this.#path = path;
    checkFolder(path);
    try {
      const descriptor = openSync(
        path,
        statSync(path, { throwIfNoEntry: false })?.isFile() === false ? "w" : "a+",
      );
      this.#descriptor = descriptor;
    } catch (error) {
      throw unusable(
        path,
        `it cannot be written to (${(error as Error).message})`,
        "give a file that can be written to",
      );
    }
    this.#mend();
  }

  /** Why observations are missing from it; null where none is. */
  get broken(): UsageError | null {
    return this.#broken;
  }

  /** Adds an observation. Where it cannot be written a note says so once, and the hunt goes on without observations. */
  add(observation: Observation): void {
    if (this.#broken !== null) return;
    const { size } = fstatSync(this.#descriptor);
    try {
      writeAll(this.#descriptor, Buffer.from(`${jsonText(observation)}\n`));
    } catch (error) {
      this.#broken = unusable(
        this.#path,
        `it can no longer be written to (${(error as Error).message}); the hunt goes on without it`,
        "make room, or keep its reader running",
      );
      for (const line of errorLines(this.#broken)) note(line);
      this.#cutTo(size);
    }
  }

  /** Lets go of it. */
  close(): void {
    closeSync(this.#descriptor);
  }

  #cutTo(size: number): void {
    if (fstatSync(this.#descriptor).isFile()) ftruncateSync(this.#descriptor, size);
  }

  /** Takes away the torn end of what was written before. */
  #mend(): void {
    const stats = fstatSync(this.#descriptor);
    if (!stats.isFile() || stats.size === 0) return;
    checkHolds(this.#path, this.#descriptor);
    const torn = tornFrom(this.#descriptor, stats.size);
    if (torn === stats.size) return;
    note(`${shellWord(this.#path)}: its last line was not whole, and was cut off`);
    ftruncateSync(this.#descriptor, torn);
  }
}

/** @throws UsageError when what a file begins with is no observation: it is somebody else's. */
function checkHolds(path: string, descriptor: number): void {
  const begin = Buffer.alloc(LOOKED_AT);
  const text = begin.subarray(0, readSync(descriptor, begin, 0, LOOKED_AT, 0)).toString("utf8");
  const [first = "", ...others] = text.split("\n");
  if (others.length > 0 ? isObservation(first) : first.startsWith('{"type":"')) return;
  throw unusable(
    path,
    "it holds something else than observations",
    "give another file, or one that is not there yet",
  );
}

function isObservation(line: string): boolean {
  try {
    return observationSchema.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}

function checkFolder(path: string): void {
  if (existsSync(dirname(path))) return;
  throw unusable(path, `there is no folder ${quotedPath(dirname(path))}`, "make the folder, or give another");
}

function unusable(path: string, what: string, hint: string): UsageError {
  return new UsageError("NANPROOF_E_OBSERVE", `--observe is ${quotedPath(path)}: ${what}`, hint);
}
