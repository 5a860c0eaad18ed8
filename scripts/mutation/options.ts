import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

/** The text of --help. */
export const HELP = `npx tsx scripts/mutation-check.ts [TEXT...] [--write] [--reasons] [--list] [--jobs N]

Breaks the engines one way at a time and checks that a test notices: the ways of scripts/mutations.ts, and those that
scripts/mutation finds in the sources: one or two for each place where a kernel reads a scalar, a flag or a code of the
plan, and for each condition, operator, rounding and assignment of the TypeScript that a step goes through. Against a mutant
only the test files run that can notice it, until one does (scripts/mutation/suites.ts).
What breaks nothing stands in scripts/mutation/equivalents.ts, with the reason, and is not run.

  TEXT       keeps to mutants whose names hold one of the texts: "optimizers.ts", "skipped"
  --write    puts the tables into CONTRIBUTING.md; only without TEXT
  --reasons  runs those with a reason too, to see that no test notices them
  --list     names the mutants and runs nothing
  --jobs     how many are tested at once; as many as there are cores by default

How long: about an hour for all on two cores that others use as well; one that is noticed at once takes 2 to 6 seconds, one
that nothing notices a minute and a half.
Exit code 1 when a mutant survives, a written reason is wrong, or the tests fail without a mutant; 2 for bad usage.`;

/** Wrong use of the command line; the message says what to write instead. */
export class Misuse extends Error {}

/** The options of the command line. */
export interface Options {
  texts: readonly string[];
  write: boolean;
  reasons: boolean;
  list: boolean;
  help: boolean;
  jobs: number;
}

/**
 * Reads the command line.
 * @throws Misuse for a flag that there is not, or a number that is none.
 */
export function readOptions(): Options {
  const { values, positionals } = parsed();
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new Misuse(`--jobs ${values.jobs}: give a whole number from 1 on`);
  return { ...values, texts: positionals, jobs };
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        write: { type: "boolean", default: false },
        reasons: { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        jobs: { type: "string", default: String(availableParallelism()) },
      },
    });
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Those whose names hold one of the texts asked for; all without a text.
 * @throws Misuse when no name holds a text.
 */
export function wanted<Named extends { id: string }>(
  all: readonly Named[],
  texts: readonly string[],
): Named[] {
  const found = all.filter(({ id }) => texts.length === 0 || texts.some((text) => id.includes(text)));
  if (found.length > 0) return found;
  const named = texts.map((text) => JSON.stringify(text)).join(", ");
  throw new Misuse(`no mutant's name holds ${named}: --list names them`);
}
