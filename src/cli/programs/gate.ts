import { basename } from "node:path";
import { UsageError } from "../../documents/errors.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import type { StepInvariant } from "../../programs/stepInvariant.ts";
import { programWords } from "../../reporters/programWords.ts";
import type { Typed } from "../command.ts";
import { fileOrder } from "../flags/programFlags.ts";
import { startProgram } from "./opening.ts";

/**
 * Starts the programs of a gate, by the names of their files.
 * @throws UsageError when one does not load, or two have one name.
 */
export async function startPrograms(
  { program, ...how }: { program: readonly string[]; python: string | undefined; threads: number },
  typed: Typed,
  invariants: readonly StepInvariant[],
): Promise<ReadonlyMap<string, ProgramHost>> {
  const started = new Map<string, ProgramHost>();
  // What is for Python is no mistake where one of several programs is in another language.
  const isOfPython = program.some((file) => file.endsWith(".py"));
  try {
    for (const file of program) {
      const name = basename(file);
      if (started.has(name))
        throw new UsageError(
          "NANPROOF_E_FLAGS",
          `--program is given ${JSON.stringify(name)} twice: a fixture goes to the program of its file's name`,
          "give each name once, or gate them apart",
        );
      const isMeant = file.endsWith(".py") || !isOfPython;
      const host = await startProgram(fileOrder(file, how, isMeant ? typed : new Set()));
      started.set(name, { ...host, invariants });
    }
    return started;
  } catch (error) {
    for (const host of started.values()) await host.close?.();
    throw error;
  }
}

/** Makes the flags to type after a fixture of each program so that it runs as it did. */
export function wordsOf(programs: ReadonlyMap<string, ProgramHost>): (name: string) => string {
  return (name) => {
    const host = programs.get(name);
    return host === undefined ? `--program PATH/${name}` : programWords(host.hosting.order);
  };
}
