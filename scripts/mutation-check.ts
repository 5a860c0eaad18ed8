/** Breaks the engines one way at a time, in a scratch copy, and checks that a test notices; --help says more. */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { generatedMutants } from "./mutation/generate.ts";
import type { Mutant } from "./mutation/mutant.ts";
import { type Result, resultOf, summary, survivors, table, wrongReasons } from "./mutation/results.ts";
import { allSuites, suitesOf } from "./mutation/suites.ts";
import { Tester } from "./mutation/testers.ts";
import { writtenMutants } from "./mutation/written.ts";

const HELP = `npx tsx scripts/mutation-check.ts [TEXT...] [--write] [--list] [--jobs N]

Breaks the engines one way at a time and checks that a test notices: the ways of scripts/mutations.ts, and those that
scripts/mutation finds in the sources: one or two for each place where a kernel reads a scalar, a flag or a code of the
plan, and for each condition, operator, rounding and assignment of the TypeScript that a step goes through. Against a mutant
only the test files run that can notice it, until one does (scripts/mutation/suites.ts).
What breaks nothing stands in scripts/mutation/equivalents.ts, with the reason.

  TEXT     keeps to mutants whose names hold one of the texts: "optimizers.ts", "skipped"
  --write  puts the table into CONTRIBUTING.md; only without TEXT
  --list   names the mutants and runs nothing
  --jobs   how many are tested at once; as many as there are cores by default

How long: some 20 minutes on two free cores for all, 2 seconds for one that is noticed at once, 30 for one that is not.
Exit code 1 when a mutant survives, a written reason is wrong, or the tests fail without a mutant. Builds the kernels itself.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    jobs: { type: "string", default: String(availableParallelism()) },
    help: { type: "boolean", default: false },
  },
});

/** Tests mutants, several at a time; results come in the order of the mutants. */
async function resultsOf(mutants: readonly Mutant[]): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    const tester = new Tester();
    try {
      for (let at = next++; at < mutants.length; at = next++) {
        const mutant = mutants[at] as Mutant;
        const result = resultOf(mutant, await tester.test({ mutant, suites: suitesOf(mutant.file) }));
        results[at] = result;
        const verdict = result.noticedBy ?? (result.reason ? "equivalent" : "NOTHING");
        console.error(`${at + 1}/${mutants.length} ${mutant.id}: ${verdict}`);
      }
    } finally {
      tester.stop();
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  return results;
}

/** The name of a test file that fails as things are; null where all hold. */
async function brokenAsItIs(): Promise<string | null> {
  const tester = new Tester();
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

async function main(): Promise<boolean> {
  const written = writtenMutants();
  const all = [...written, ...generatedMutants()];
  const wanted = all.filter(
    ({ id }) => positionals.length === 0 || positionals.some((text) => id.includes(text)),
  );
  if (values.list) {
    console.log(wanted.map(({ id }) => id).join("\n"));
    return true;
  }
  const broken = await brokenAsItIs();
  if (broken !== null) throw new Error(`the tests fail without a mutant: ${broken}`);
  const results = await resultsOf(wanted);
  const wrong = wrongReasons(results, all);
  console.log(`${table(results)}\n\n${summary(results)}`);
  for (const { mutant } of survivors(results)) console.error(`survived: ${mutant.id}`);
  for (const text of wrong) console.error(`wrong reason: ${text}`);
  if (values.write && positionals.length === 0) writeTables(results, new Set(written.map(({ id }) => id)));
  return survivors(results).length === 0 && wrong.length === 0;
}

if (values.help) console.log(HELP);
else process.exitCode = (await main()) ? 0 : 1;
