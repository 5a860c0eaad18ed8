import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ProgramInvariant } from "../client/invariants.ts";
import { isProgram, type Program } from "../client/program.ts";
import { versionsFrom } from "../client/versions.ts";
import { type Greeting, PROTOCOL } from "../protocol.ts";
import { HostedError } from "./errors.ts";
import { exportsOf, loadFile } from "./loader.ts";

/** A person's file: a program that can be trained again and again, or a script that runs once. */
export interface Loaded {
  program: Program | null;
  invariants: readonly ProgramInvariant[];
  greeting: Greeting;
}

/** The most steps of a script: it ends by itself. */
const SCRIPT_STEPS = 1_000_000;

/**
 * Loads a file. A script is not run yet.
 * @throws HostedError when it exports no program and calls no `watch`.
 */
export async function load(file: string): Promise<Loaded> {
  const source = readFileSync(file);
  const program = (await exportsOf(file)).hasDefault ? await programIn(file) : null;
  if (program === null && !/\bwatch\b/.test(source.toString()))
    throw new HostedError(
      "load",
      `${file} exports no program and calls no watch. Write: export default program({ knobs, steps, train }), ` +
        "or call watch(...) of nanproof/program in it",
    );
  const invariants = program?.invariants ?? [];
  return {
    program,
    invariants,
    greeting: {
      type: "ready",
      protocol: PROTOCOL,
      host: "javascript",
      versions: versionsFrom(file),
      file: { name: basename(file), sha256: createHash("sha256").update(source).digest("hex") },
      form: program === null ? "script" : "program",
      knobs: { ...program?.knobs },
      steps: program?.steps ?? SCRIPT_STEPS,
      invariants: invariants.map(({ name }) => ({ name })),
    },
  };
}

async function programIn(file: string): Promise<Program> {
  const exported = (await loadFile(file)).default;
  // A CommonJS file that was an ES module has its default one deeper.
  const found = isProgram(exported) ? exported : (exported as { default?: unknown } | undefined)?.default;
  if (isProgram(found)) return found;
  throw new HostedError(
    "load",
    `${file} exports as its default what is no program. Write: export default program({ knobs, steps, train })`,
  );
}
