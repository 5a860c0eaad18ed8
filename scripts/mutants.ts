// How many small changes of the code the tests notice, by StrykerJS, outside the engines (which scripts/mutation-check.ts breaks).
// npm run mutants -- [--lines 300] [--seed 1] [--from src/hunt] [--missed] [--concurrency 2]
// Draws lines of the code by the seed, lets Stryker change whatever it can change on each, one change at a time, and runs the
// tests that reach it (vitest.mutants.config.ts). Prints the score by folder, and every change that no test noticed.
// --missed tries again, in the folders of --from, the lines alone on which the run before missed a change.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { randomStream, shuffle } from "../src/numerics/random.ts";
import { missedLines, type Report } from "./mutants/report.ts";
import { mutantsTable } from "./mutants/table.ts";

const AREAS = ["cli", "hunt", "shrink", "fixtures", "findings", "programs", "vitest"];
/** Files without mutants: tests, what only tests use, and the engines. */
const LEFT_OUT = /\.test\.ts$|\/testing\/|\/lstm\/engines\//;
const FOLDER = "reports/mutation";
const REPORT = `${FOLDER}/mutation.json`;

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    from: { type: "string", multiple: true, default: AREAS.map((area) => `src/${area}`) },
    missed: { type: "boolean", default: false },
    concurrency: { type: "string", default: "2" },
  },
});

/** A line that may hold something to change: neither empty nor a comment, an import or a closing bracket. */
const isCode = (line: string) =>
  /\w/.test(line) && !/^\s*(\*|\/\/|\/\*|import |export (type|\*)|\} from)/.test(line);

const files = execFileSync("git", ["ls-files", ...values.from], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file.endsWith(".ts") && !LEFT_OUT.test(file));

function drawn(): string[] {
  const lines = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, i) => (isCode(line) ? [`${file}:${i + 1}-${i + 1}`] : [])),
  );
  shuffle(lines, randomStream(values.seed, "mutants"));
  return lines.slice(0, Number(values.lines)).sort();
}

const report = () => JSON.parse(readFileSync(REPORT, "utf8")) as Report;
const text = (file: string) => (files.includes(file) && existsSync(file) ? readFileSync(file, "utf8") : null);
const mutate = values.missed ? missedLines(report(), text) : drawn();

mkdirSync(FOLDER, { recursive: true });
writeFileSync(
  `${FOLDER}/stryker.json`,
  JSON.stringify({
    mutate,
    testRunner: "vitest",
    vitest: { configFile: "vitest.mutants.config.ts" },
    coverageAnalysis: "perTest",
    concurrency: Number(values.concurrency),
    reporters: ["clear-text", "json", "progress-append-only"],
    jsonReporter: { fileName: REPORT },
    clearTextReporter: { logTests: false, reportTests: false, reportScoreTable: false, reportMutants: false },
    ignoreStatic: true,
    timeoutMS: 30_000,
    dryRunTimeoutMinutes: 30,
    tsconfigFile: "none.json",
    tempDirName: ".stryker-tmp",
    allowConsoleColors: false,
  }),
);
await execa("npx", ["stryker", "run", `${FOLDER}/stryker.json`], { stdio: "inherit", reject: false });
console.log(mutantsTable(report()));
