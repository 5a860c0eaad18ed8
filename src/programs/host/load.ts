import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ProgramInvariant } from "../client/invariants.ts";
import { isProgram, type Program } from "../client/program.ts";
import { versionsFrom } from "../client/versions.ts";
import { type Greeting, PROTOCOL } from "../protocol.ts";
import { HostedError } from "./errors.ts";
import { type Exports, exportsOf, loadFile } from "./loader.ts";

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
  const exported = await exportsOf(file);
  const program = exported.hasDefault ? await programIn(file, exported) : null;
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

async function programIn(file: string, { mistake }: Exports): Promise<Program> {
  const exported = await loadFile(file).catch((error: unknown) => {
    // Node says what is wrong with the text of a module, but not where.
    if (mistake === null || (error as Error).name === "UsageError") throw error;
    throw new HostedError("load", `${mistake.message} (${(error as Error).message})`, {
      file,
      line: mistake.line,
    });
  });
  // A CommonJS file that was an ES module has its default one deeper.
  const found = isProgram(exported.default)
    ? exported.default
    : (exported.default as { default?: unknown } | undefined)?.default;
  if (isProgram(found)) return found;
  throw new HostedError(
    "load",
    `${file} exports as its default what is no program. Write: export default program({ knobs, steps, train })`,
  );
}
