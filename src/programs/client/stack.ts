import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** One function in a stack, as V8 gives it. */
export interface Frame {
  /** A path, or a name of Node's own such as `node:internal/...`. */
  file: string;
  line: number;
  column: number;
  function: string | null;
}

/** Frames of a stack that are looked at: recurrent layers nest deep. */
const DEPTH = 150;

/** Runs a function with room for deep stacks, and gives what it made. */
export function deepError(): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  try {
    return new Error("where");
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The frames of an error's stack, innermost first, lines as V8 runs them. Empty once a stack has been made text. */
export function framesOf(error: Error): Frame[] {
  return readStack(error, () => "").frames;
}

/** The frames and the text of an error's stack. The text stays the error's `stack`. */
export function readStack(
  error: Error,
  textOf: (sites: NodeJS.CallSite[]) => string = (sites) =>
    [String(error), ...sites.map((site) => `    at ${site}`)].join("\n"),
): { frames: Frame[]; text: string } {
  const { prepareStackTrace } = Error;
  let frames: Frame[] = [];
  Error.prepareStackTrace = (_, sites) => {
    frames = sites.map(frameOf);
    return textOf(sites);
  };
  try {
    const text = error.stack ?? "";
    return { frames, text };
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** A function in a stack, with its line only where it is asked for: V8 looks for each a while. */
export interface LazyFrame {
  /** As V8 names it. */
  url: string;
  /** Characters from the start of the file: enough to tell places apart. */
  position: number;
  frame(): Frame;
}

/**
 * The functions that run, innermost first, up to the first that is an end.
 * @returns Nothing where none is.
 */
export function framesUpTo(isEnd: (name: string | null) => boolean): LazyFrame[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  let found: LazyFrame[] = [];
  Error.stackTraceLimit = DEPTH;
  Error.prepareStackTrace = (_, sites) => {
    const end = sites.findIndex((site) => isEnd(site.getFunctionName()));
    found = sites.slice(0, Math.max(0, end)).map((site) => ({
      url: site.getFileName() ?? site.getEvalOrigin() ?? "",
      position: site.getPosition(),
      frame: () => frameOf(site),
    }));
    return "";
  };
  try {
    void new Error("where").stack;
    return found;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function frameOf(site: NodeJS.CallSite): Frame {
  return {
    file: pathOf(site.getFileName() ?? site.getEvalOrigin() ?? ""),
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
    function: site.getFunctionName(),
  };
}

/** The frames of a stack that is text already, as far as they name files. Lines are those of the person's source. */
export function framesOfText(stack: string): Frame[] {
  return [
    ...stack.matchAll(/^\s*at (?:(.*?) \()?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):(\d+)\)?$/gm),
  ].map(([, name, file, line, column]) => ({
    file: pathOf(file as string),
    line: Number(line),
    column: Number(column),
    function: name ?? null,
  }));
}

/** The same place in the source that a file was made from, where a source map is known. */
export function original(frame: Frame): Frame {
  const entry = findSourceMap(frame.file)?.findEntry(frame.line - 1, frame.column - 1);
  if (entry === undefined || !("originalLine" in entry) || typeof entry.originalLine !== "number")
    return frame;
  return {
    ...frame,
    file: pathOf(entry.originalSource),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
}

/** The path of a file as V8 names it. */
export function pathOf(file: string): string {
  const plain = file.replace(/\?[^/]*$/, "");
  return plain.startsWith("file://") ? fileURLToPath(plain) : plain;
}
