import { isCaseEnded } from "../client/endings.ts";
import { HostedError } from "./errors.ts";

/** Ends the process, whatever a program has made of `process.exit`. */
export type Exit = (status: number) => never;

/**
 * Sees to what a program may do to its process: what it prints goes to stderr; `process.exit`, and errors that nobody
 * catches, are reported before the process ends.
 * @param lost Called with the reason before the process ends for one of them.
 */
export function guardProcess(lost: (error: unknown) => void): Exit {
  const exit = process.exit.bind(process) as Exit;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  process.exit = ((code?: number | string | null) => {
    lost(new HostedError("program", `the program called process.exit(${code ?? ""})`));
    return exit(1);
  }) as typeof process.exit;
  const fail = (error: unknown) => {
    // A case that is over ends in code that nobody waits for too.
    if (isCaseEnded(error)) return;
    lost(error);
    exit(1);
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  return exit;
}
