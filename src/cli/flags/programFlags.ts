import { UsageError } from "../../documents/errors.ts";
import type { FileOrder } from "../../programs/hostOrder.ts";
import type { Typed } from "../command.ts";
import type { Values } from "./flag.ts";
import { numberFlag, textFlag, textsFlag } from "./kinds.ts";

/** `--program` and what says how it is run. */
export const programFlags = {
  program: textFlag({
    description:
      "your own program instead of a preset: a .mjs, .js, .ts or .py file that uses nanproof's watch",
  }),
  python: textFlag({ description: "the Python that runs a .py program", defaultWords: "python3" }),
  threads: numberFlag({
    description: "threads that a Python framework may use; the same bits need the same number",
    default: 1,
    min: 1,
    integer: true,
  }),
} as const;

/** The flags that a run of a program is started with. */
export const programRunFlags = {
  ...programFlags,
  knob: textsFlag("a knob of the program, as units=4 or lengths=5,3,8; again and again"),
  steps: numberFlag({
    description: "the most steps of a run of a program",
    defaultWords: "the program's own",
    min: 1,
    integer: true,
  }),
} as const;

/** The flags of how a program is run. */
export type ProgramFlags = Values<typeof programFlags> & { engine?: string };

/** The backends of tensorflow.js that a program can be given by `--engine`. */
const BACKENDS = ["tfjs-cpu", "tfjs-wasm", "tfjs-node"];

/**
 * A person's program, as flags give it.
 * @param file The value of --program.
 * @throws UsageError when --engine names no backend of tensorflow.js, or is given to Python.
 */
export function fileOrder(
  file: string,
  { python, threads, engine }: Omit<ProgramFlags, "program">,
  typed: Typed,
): FileOrder {
  const backend = typed.has("engine") ? (engine ?? null) : null;
  const isPython = file.endsWith(".py");
  if (backend !== null && (isPython || !BACKENDS.includes(backend)))
    throw new UsageError(
      "NANPROOF_E_FLAGS",
      `--engine is ${JSON.stringify(backend)} beside --program ${file}: ${isPython ? "a Python program computes by itself" : "a program runs on tensorflow.js"}`,
      isPython ? "leave it out" : `leave it out, or give one of ${BACKENDS.join(", ")}`,
    );
  if (!isPython)
    for (const name of ["python", "threads"])
      if (typed.has(name))
        throw new UsageError(
          "NANPROOF_E_FLAGS",
          `--${name} is for .py programs, and this is ${file}`,
          "leave it out",
        );
  return { file, python: python ?? null, backend, threads, isFresh: false };
}

/**
 * Refuses flags that have no place beside another one.
 * @throws UsageError naming the first.
 */
export function refuseBeside(typed: Typed, beside: string, names: readonly string[]): void {
  const wrong = names.find((name) => typed.has(name));
  if (wrong === undefined) return;
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `--${wrong} has no place beside ${beside}`,
    `leave out --${wrong} or ${beside}`,
  );
}

/**
 * Refuses flags of a program where there is none.
 * @throws UsageError naming the first.
 */
export function refuseWithoutProgram(typed: Typed): void {
  const wrong = ["python", "threads", "knob", "steps"].find((name) => typed.has(name));
  if (wrong === undefined) return;
  throw new UsageError(
    "NANPROOF_E_FLAGS",
    `--${wrong} is given, and no --program`,
    `give --program FILE, or leave out --${wrong}`,
  );
}
