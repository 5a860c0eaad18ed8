/** Breaks the engines one way at a time, in a scratch copy, and checks that a test notices; --help says more. */
import { readFileSync, writeFileSync } from "node:fs";
import { generatedMutants } from "./mutation/generate.ts";
import type { Mutant } from "./mutation/mutant.ts";
import { HELP, Misuse, type Options, readOptions, wanted } from "./mutation/options.ts";
import { Pool } from "./mutation/pool.ts";
import { type Result, survivors, wrongReasons } from "./mutation/results.ts";
import { summary, table } from "./mutation/tables.ts";
import { writtenMutants } from "./mutation/written.ts";
import { withTable } from "./withTable.ts";

const PAGE = "CONTRIBUTING.md";

/** Runs the mutants that were asked for. */
async function run({ jobs, reasons }: Options, mutants: readonly Mutant[]): Promise<Result[]> {
  const pool = new Pool(jobs);
  // What is under way ends with this process.
  const ended = (code: number) => () => {
    pool.stop();
    process.exit(code);
  };
  process.once("SIGINT", ended(130));
  process.once("SIGTERM", ended(143));
  try {
    const broken = await pool.brokenAsItIs();
    if (broken !== null) throw new Error(`the tests fail without a mutant: ${broken}`);
    return await pool.results(mutants, reasons);
  } finally {
    pool.stop();
  }
}

/** Prints the tables, and what is wrong; whether nothing is. */
function report(results: readonly Result[], all: readonly Mutant[]): boolean {
  const survived = survivors(results);
  const wrong = wrongReasons(results, all);
  console.log(`${table(results)}\n\n${summary(results)}`);
  for (const { mutant } of survived) console.error(`survived: ${mutant.id}`);
  for (const text of wrong) console.error(`wrong reason: ${text}`);
  return survived.length + wrong.length === 0;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const written = writtenMutants();
  const all = [...written, ...generatedMutants()];
  const mutants = wanted(all, options.texts);
  if (options.list) {
    console.log(mutants.map(({ id }) => id).join("\n"));
    return 0;
  }
  const results = await run(options, mutants);
  const holds = report(results, all);
  if (options.write && options.texts.length === 0) {
    const byHand = table(results.slice(0, written.length));
    writeFileSync(
      PAGE,
      withTable(readFileSync(PAGE, "utf8"), "mutations", `${byHand}\n\n${summary(results)}`),
    );
  }
  return holds ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Misuse)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
