import { existsSync, readFileSync } from "node:fs";
import { isPersonal } from "../client/ownFiles.ts";
import { type Frame, framesOfText, original, readStack } from "../client/stack.ts";
import type { HostError } from "../protocol.ts";

type Kind = HostError["kind"];

/** An error that already has its kind. */
export class HostedError extends Error {
  override readonly name = "HostedError";
  constructor(
    readonly kind: Kind,
    message: string,
    readonly place: { file: string; line: number } | null = null,
  ) {
    super(message);
  }
}

/** The kinds of the mistakes that nanproof itself finds in a program. */
const KINDS: Readonly<Record<string, Kind>> = {
  NANPROOF_E_KNOB: "knobs",
  NANPROOF_E_BATCH: "batch",
  NANPROOF_E_STATE_DOES_NOT_FIT: "restore",
  NANPROOF_E_BATCH_DOES_NOT_FIT: "restore",
};

/**
 * An error as a host sends it: with the person's own file and line, and the remedy where one is known.
 * @param fallback The kind of an error that is none of nanproof's.
 * @param program The file of the program.
 */
export function hostError(error: unknown, fallback: Kind, program: string): HostError {
  const { message, code, hint } = asError(error);
  const { frames, text } = error instanceof Error ? readStack(error) : { frames: [], text: null };
  const place =
    (error instanceof HostedError ? error.place : null) ??
    importPlace(message, program) ??
    ownFrame(frames, text ?? "");
  return {
    kind: error instanceof HostedError ? error.kind : (KINDS[code ?? ""] ?? fallback),
    message: hint === undefined ? message : `${message}. ${hint}`,
    file: place?.file ?? null,
    line: place?.line ?? null,
    traceback: text,
  };
}

interface Thrown {
  message: string;
  code?: string;
  hint?: string;
}

function asError(error: unknown): Thrown {
  if (error instanceof Error) return error as Thrown;
  return { message: `threw ${typeof error === "string" ? JSON.stringify(error) : String(error)}` };
}

/** An import of what is not there names the file that imports it, and not the line. */
function importPlace(message: string, program: string): { file: string; line: number | null } | null {
  const found = /Cannot find (?:package|module) '([^']+)' imported from (?:file:\/\/)?([^\n]+)$/m.exec(
    message,
  );
  const named = /does not provide an export named '([^']+)'/.exec(message);
  if (found === null && named === null) return null;
  const file = found?.[2] ?? program;
  const wanted = (found?.[1] ?? named?.[1] ?? "").split("/").at(-1) as string;
  const line = linesOf(file).findIndex(
    (text) => /\b(import|from|require)\b/.test(text) && text.includes(wanted),
  );
  return { file, line: line < 0 ? null : line + 1 };
}

/** The innermost line of the person's own, from frames or, where the stack is text already, from that. */
function ownFrame(frames: Frame[], text: string): Frame | undefined {
  const own = frames.find(({ file }) => isPersonal(file));
  if (own !== undefined) return original(own);
  return framesOfText(text).find(({ file }) => isPersonal(file) && existsSync(file));
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}
