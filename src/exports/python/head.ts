import { commentLines } from "../commentLines.ts";
import type { Reproduction } from "../reproduction.ts";
import { PYTHON_WIDTH } from "./literals.ts";

/**
 * The head of a script in Python: what it is, what it dies of, what was seen, and that it ends with 125 where it cannot run.
 * The first two lines hold no text of the fixture's: Python reads the encoding of the file out of them.
 */
export function pythonHead(reproduction: Reproduction, imports: readonly string[]): string[] {
  return [
    "# A training step of an LSTM that should end in finite numbers.",
    "# Exit status: 1 it does not, 0 it does, 125 this cannot run.",
    ...commentLines(aboutLines(reproduction).join(" "), "#", PYTHON_WIDTH),
    "import sys",
    "",
    "sys.excepthook = lambda *error: (sys.__excepthook__(*error), sys.exit(125))",
    ...imports,
    "",
  ];
}

/** The lines on a reproduction in the comments of every script. */
export function aboutLines({ sentence, signature, diedOn, verified, step }: Reproduction): string[] {
  return [
    `${sentence} (${signature}).`,
    ...(step > 1 ? [`This is step ${step} of that run, from the state before it.`] : []),
    ...(diedOn.length > 0 ? [`Died on ${diedOn.join(", ")}.`] : []),
    ...(verified.length > 0 ? verified : ["Not run yet in this form."]),
  ];
}

/** Lines one level further in. */
export function indented(lines: readonly string[], levels = 1): string[] {
  return lines.map((line) => (line === "" ? "" : "    ".repeat(levels) + line));
}

/** `NAME = (A, B)` as black writes it: on one line where that fits, else with a line for what is in the brackets. */
export function statement(open: string, inside: readonly string[], close: string, indent: number): string[] {
  const line = `${open}${inside.join(", ")}${close}`;
  if (line.length + indent <= PYTHON_WIDTH) return [line];
  const middle = inside.join(", ");
  if (middle.length + indent + 4 <= PYTHON_WIDTH) return [open, `    ${middle}`, close];
  return [open, ...inside.map((item) => `    ${item},`), close];
}

/** `NAME = [A, B]`: on one line where that fits, else a line each. */
export function listStatement(name: string, items: readonly string[], indent: number): string[] {
  const line = `${name} = [${items.join(", ")}]`;
  return line.length + indent <= PYTHON_WIDTH
    ? [line]
    : [`${name} = [`, ...items.map((item) => `    ${item},`), "]"];
}

/** `NAME = [ITEM for ... in ...]`, broken as black breaks it: inside the brackets, then before each `for` and `if`. */
export function comprehension(name: string, parts: readonly string[], indent: number): string[] {
  const all = parts.join(" ");
  if (name.length + 5 + all.length + indent <= PYTHON_WIDTH) return [`${name} = [${all}]`];
  const inside = all.length + 4 + indent <= PYTHON_WIDTH ? [all] : parts;
  return [`${name} = [`, ...inside.map((line) => `    ${line}`), "]"];
}

/** Lays out the part between the imports and the loop: constants, then functions, with two empty lines around each as black has them. */
export function topLevel(constants: readonly string[], ...functions: (readonly string[])[]): string[] {
  const written = functions.filter((lines) => lines.length > 0);
  const first = constants.length > 0 ? [...constants, ""] : [];
  if (written.length === 0) return first;
  return [...first, ...written.flatMap((lines) => ["", ...lines, ""]), ""];
}
