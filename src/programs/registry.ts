import type { HostOrder } from "./hostOrder.ts";
import type { EngineName } from "./lstm/engines/engine.ts";
import { openEngine } from "./lstm/engines/open.ts";
import { lstm } from "./lstm/program.ts";
import { openProgram } from "./process/open.ts";
import { personsProgram } from "./process/program.ts";
import type { Host, Program } from "./program.ts";

/** Every kind of program there is: nanproof's own, and a person's. */
export const PROGRAMS: readonly Program[] = [lstm, personsProgram];

/** The program of a fixture: a person's where it names a file of theirs, else nanproof's own, as of anything that is no fixture. */
export function programOf(fixture: unknown): Program {
  return typeof fixture === "object" && fixture !== null && "program" in fixture && fixture.program
    ? personsProgram
    : lstm;
}

/**
 * Opens what runs a program's cases.
 * @throws UsageError when there is no such host here, or it does not load.
 */
export function openHost(order: HostOrder): Promise<Host> {
  return order.kind === "engine" ? openEngine(order.engine as EngineName) : openProgram(order);
}
