import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../documents/errors.ts";
import { shellWord } from "../documents/printable.ts";
import { checkInvariants, type ProgramInvariant } from "../programs/client/invariants.ts";
import { type StepInvariant, stepwise } from "../programs/stepInvariant.ts";
import type { StepRecord } from "../programs/stepRecord.ts";

/** The most of a file's name that a fixture keeps. */
const SPEC_LENGTH = 200;

const EXAMPLE =
  'export const invariants = [{ name: "small-loss", check: ({ step, loss, gauges }) => (loss < 2 ? null : "the loss is " + loss) }]';

/** The gauge in the signatures of a file's invariants: a check does not say what it looked at. */
const GAUGE = "check";

/**
 * The invariants of a file: an ES module that exports `invariants`, a list of `{ name, check({ step, loss, gauges }) }`, where check gives
 * null or says what is wrong. A fixture keeps the file's name, and needs the file again to be judged.
 * @throws UsageError when there is no such file, or it is no such module.
 */
export async function fileInvariants(path: string): Promise<StepInvariant[]> {
  const wrong = (what: string, hint: string) =>
    new UsageError("NANPROOF_E_INVARIANT", `${shellWord(path)}: ${what}`, hint);
  if (!existsSync(path)) throw wrong("there is no such file", "give the path of an ES module");
  let exported: { invariants?: unknown };
  try {
    exported = await importModule(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw wrong(`cannot be loaded: ${firstLine(error)}`, "give the path of an ES module");
  }
  const { invariants } = exported;
  const isEmpty = Array.isArray(invariants) && invariants.length === 0;
  if (invariants === undefined || isEmpty) throw wrong("exports no invariants", `write: ${EXAMPLE}`);
  return checkInvariants(invariants, path).map((invariant) => stepInvariant(path, invariant));
}

/** A module in JavaScript, or in TypeScript on any Node. */
async function importModule(url: string): Promise<{ invariants?: unknown }> {
  if (!/\.[cm]?ts$/.test(url)) return import(url);
  const { tsImport } = await import("tsx/esm/api");
  return tsImport(url, import.meta.url);
}

function stepInvariant(path: string, { name, check }: ProgramInvariant): StepInvariant {
  const look = ({ step, loss, gauges }: StepRecord) => {
    const message = answerOf(path, name, step, () => check({ step, loss, gauges: { ...gauges } }));
    return message === null ? null : { gauge: GAUGE, message };
  };
  return stepwise(name, look, basename(path).slice(-SPEC_LENGTH));
}

/** The answer of a check; one that throws, or says nothing that can be read, is wrong use. */
function answerOf(path: string, name: string, step: number, ask: () => unknown): string | null {
  const wrong = (what: string) =>
    new UsageError(
      "NANPROOF_E_INVARIANT",
      `${shellWord(path)}: check of ${name} ${what} at step ${step}`,
      "let it give null where all is well, and else a text that says what is wrong",
    );
  let answer: unknown;
  try {
    answer = ask();
  } catch (error) {
    throw wrong(`threw ${firstLine(error)}`);
  }
  if (answer === null || answer === undefined) return null;
  if (typeof answer === "string") return answer;
  throw wrong(`gave ${typeof answer === "object" ? "an object" : String(answer)}`);
}

function firstLine(error: unknown): string {
  return String(error).split("\n")[0] ?? "";
}
