/** Breaks the engines one way at a time, in a scratch copy, and checks that a test notices; --help says more. */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { generatedMutants } from "./mutation/generate.ts";
import type { Mutant } from "./mutation/mutant.ts";
import {
  type Result,
  reasonFor,
  resultOf,
  summary,
  survivors,
  table,
  wrongReasons,
} from "./mutation/results.ts";
import { allSuites, suitesOf } from "./mutation/suites.ts";
import { Tester } from "./mutation/testers.ts";
import { writtenMutants } from "./mutation/written.ts";

const HELP = `npx tsx scripts/mutation-check.ts [TEXT...] [--write] [--reasons] [--list] [--jobs N]

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

How long: HOW_LONG
Exit code 1 when a mutant survives, a written reason is wrong, or the tests fail without a mutant. Builds the kernels itself.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: "boolean", default: false },
    reasons: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    jobs: { type: "string", default: String(availableParallelism()) },
    help: { type: "boolean", default: false },
  },
});

/** Those at work. */
const testers = new Set<Tester>();

function newTester(): Tester {
  const tester = new Tester();
  testers.add(tester);
  return tester;
}

/** Tests mutants, several at a time; results come in the order of the mutants. */
async function resultsOf(mutants: readonly Mutant[], jobs: number): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    const tester = newTester();
    try {
      for (let at = next++; at < mutants.length; at = next++) {
        const mutant = mutants[at] as Mutant;
        const suites = suitesOf(mutant.file);
        const known = reasonFor(mutant) !== null && !values.reasons;
        const result = resultOf(mutant, known ? null : await tester.test({ mutant, suites }));
        results[at] = result;
        const verdict = result.noticedBy ?? (result.reason ? "equivalent" : "NOTHING");
        console.error(`${at + 1}/${mutants.length} ${mutant.id}: ${verdict}`);
      }
    } finally {
      tester.stop();
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

/** The name of a test file that fails as things are; null where all hold. */
async function brokenAsItIs(): Promise<string | null> {
  const tester = newTester();
  try {
    return await tester.test({ suites: allSuites() });
  } finally {
    tester.stop();
  }
}

function writeTables(results: readonly Result[], written: ReadonlySet<string>): void {
  const page = readFileSync("CONTRIBUTING.md", "utf8");
  const marked = /(<!-- mutations -->\n)[\s\S]*?(<!-- end of mutations -->)/;
  const byHand = table(results.filter(({ mutant }) => written.has(mutant.id)));
  const tables = `${byHand}\n\n${summary(results)}\n`;
  writeFileSync(
    "CONTRIBUTING.md",
    page.replace(marked, (_, start, end) => `${start}${tables}${end}`),
  );
}

async function main(): Promise<void> {
  const written = writtenMutants();
  const all = [...written, ...generatedMutants()];
  const wanted = all.filter(
    ({ id }) => positionals.length === 0 || positionals.some((text) => id.includes(text)),
  );
  const jobs = Number(values.jobs);
  if (wanted.length === 0 || !Number.isInteger(jobs) || jobs < 1) {
    const names = positionals.map((text) => JSON.stringify(text)).join(", ");
    console.error(
      wanted.length === 0
        ? `no mutant's name holds ${names}: --list names them`
        : `--jobs ${values.jobs}: give a whole number from 1 on`,
    );
    process.exitCode = 2;
    return;
  }
  if (values.list) {
    console.log(wanted.map(({ id }) => id).join("\n"));
    return;
  }
  const broken = await brokenAsItIs();
  if (broken !== null) throw new Error(`the tests fail without a mutant: ${broken}`);
  const results = await resultsOf(wanted, jobs);
  const wrong = wrongReasons(results, all);
  console.log(`${table(results)}\n\n${summary(results)}`);
  for (const { mutant } of survivors(results)) console.error(`survived: ${mutant.id}`);
  for (const text of wrong) console.error(`wrong reason: ${text}`);
  if (values.write && positionals.length === 0) writeTables(results, new Set(written.map(({ id }) => id)));
  if (survivors(results).length + wrong.length > 0) process.exitCode = 1;
}

// What is under way ends with it, and its folders with that.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    for (const tester of testers) tester.stop();
    process.exit(signal === "SIGINT" ? 130 : 143);
  });

if (values.help) console.log(HELP);
else await main();
