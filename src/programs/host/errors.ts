import { readFileSync } from "node:fs";
import { isPersonal } from "../client/ownFiles.ts";
import { framesOfText } from "../client/stack.ts";
import type { HostError } from "../protocol.ts";

type Kind = HostError["kind"];

/** An error that already has its kind. */
export class HostedError extends Error {
  override readonly name = "HostedError";
  constructor(
    readonly kind: Kind,
    message: string,
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
 * An error as a host tells it: with the person's own file and line, and the remedy where one is known.
 * @param fallback The kind of an error that is none of nanproof's.
 * @param program The file of the program.
 */
export function hostError(error: unknown, fallback: Kind, program: string): HostError {
  const { message, stack, code, hint } = asError(error);
  const place = placeOf(stack, message, program);
  return {
    kind: error instanceof HostedError ? error.kind : (KINDS[code ?? ""] ?? fallback),
    message: hint === undefined ? message : `${message}. ${hint}`,
    file: place?.file ?? null,
    line: place?.line ?? null,
    traceback: stack ?? null,
  };
}

interface Thrown {
  message: string;
  stack?: string;
  code?: string;
  hint?: string;
}

function asError(error: unknown): Thrown {
  if (error instanceof Error) return error as Thrown;
  return { message: `threw ${typeof error === "string" ? JSON.stringify(error) : String(error)}` };
}

function placeOf(stack: string | undefined, message: string, program: string) {
  return syntaxPlace(stack ?? "") ?? importPlace(message, program) ?? ownFrame(stack ?? "") ?? null;
}

/** Node and esbuild put the place of a syntax error before or into its text. */
function syntaxPlace(stack: string): { file: string; line: number } | null {
  const found =
    /^(?:file:\/\/)?(\/[^\n]*?|[A-Za-z]:[^\n]*?):(\d+)\n/.exec(stack) ?? /(?:^|\n)(\/[^\n]*?):(\d+):\d+: ERROR:/.exec(stack);
  return found === null ? null : { file: found[1] as string, line: Number(found[2]) };
}

/** An import of what is not there names the file that imports it, and not the line. */
function importPlace(message: string, program: string): { file: string; line: number | null } | null {
  const found = /Cannot find (?:package|module) '([^']+)' imported from (?:file:\/\/)?([^\n]+)$/m.exec(message);
  const named = /does not provide an export named '([^']+)'/.exec(message);
  if (found === null && named === null) return null;
  const file = found?.[2] ?? program;
  const wanted = (found?.[1] ?? named?.[1] ?? "").split("/").at(-1) as string;
  const line = linesOf(file).findIndex((text) => /\b(import|from|require)\b/.test(text) && text.includes(wanted));
  return { file, line: line < 0 ? null : line + 1 };
}

function ownFrame(stack: string): { file: string; line: number } | undefined {
  return framesOfText(stack).find(({ file }) => isPersonal(file));
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}
