// How many small changes of the code the tests notice, by StrykerJS, outside the engines (which scripts/mutation-check.ts breaks).
// npm run mutants -- [--lines 300] [--seed 1] [--from src/hunt] [--concurrency 2]
// Draws lines of the code by the seed, lets Stryker change whatever it can change on each, one change at a time, and runs the
// tests that reach it (vitest.mutants.config.ts). Prints the score by folder, and every change that no test noticed.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { randomStream, shuffle } from "../src/numerics/random.ts";
import { mutantsTable, type Report } from "./mutants/table.ts";

const AREAS = ["cli", "hunt", "shrink", "fixtures", "findings", "programs", "vitest"];
/** Files without mutants: tests, what only tests use, and the engines. */
const LEFT_OUT = /\.test\.ts$|\/testing\/|\/lstm\/engines\//;
const FOLDER = "reports/mutation";

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    from: { type: "string", multiple: true, default: AREAS.map((area) => `src/${area}`) },
    concurrency: { type: "string", default: "2" },
  },
});

/** A line that may hold something to change: neither empty nor a comment, an import or a closing bracket. */
const isCode = (line: string) =>
  /\w/.test(line) && !/^\s*(\*|\/\/|\/\*|import |export (type|\*)|\} from)/.test(line);

const files = execFileSync("git", ["ls-files", ...values.from], { encoding: "utf8" }).split("\n");
const lines = files
  .filter((file) => file.endsWith(".ts") && !LEFT_OUT.test(file))
  .flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, i) => (isCode(line) ? [`${file}:${i + 1}-${i + 1}`] : [])),
  );
shuffle(lines, randomStream(values.seed, "mutants"));
const drawn = lines.slice(0, Number(values.lines)).sort();

mkdirSync(FOLDER, { recursive: true });
writeFileSync(
  `${FOLDER}/stryker.json`,
  JSON.stringify({
    mutate: drawn,
    testRunner: "vitest",
    vitest: { configFile: "vitest.mutants.config.ts" },
    coverageAnalysis: "perTest",
    concurrency: Number(values.concurrency),
    reporters: ["clear-text", "json", "progress-append-only"],
    jsonReporter: { fileName: `${FOLDER}/mutation.json` },
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
const report = JSON.parse(readFileSync(`${FOLDER}/mutation.json`, "utf8")) as Report;
console.log(mutantsTable(report));
