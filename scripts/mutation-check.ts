/**
 * Breaks the engines one way at a time, in a scratch copy, and checks that the suite or the recordings notice.
 * Run: npx tsx scripts/mutation-check.ts [--write], which puts the table into CONTRIBUTING.md; some ten minutes. Or with a
 * part of a mutation's name, for those alone, without the table.
 * Exits with 1 when a mutation survives, or when the copy fails as it is.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { MUTATIONS, type Mutation } from "./mutations.ts";

/** What is run against a mutation of each engine, one file after the other until one notices. */
const SUITE: Readonly<Record<"explorer" | "tfjs", readonly string[]>> = {
  explorer: [
    "src/engines/explorer/recordings.test.ts",
    "src/engines/explorer/step.test.ts",
    "src/relations/gradientClip.test.ts",
    "properties/trailingPadding.property.test.ts",
    "src/engines/explorer/agreement.test.ts",
    "src/engines/explorer/kernels.test.ts",
    "properties/zeroVectorSafeCosine.property.test.ts",
  ],
  tfjs: [
    "src/engines/tfjs/ops.test.ts",
    "src/relations/relations.test.ts",
    "src/engines/tfjs/optimizer.test.ts",
    "src/engines/tfjs/network.test.ts",
    "src/engines/tfjs/recordings.test.ts",
  ],
};
/** Cases of a property. */
const RUNS = "20";
const COPIED = [
  "src",
  "properties",
  "fixtures",
  "scripts",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "vitest.config.ts",
];

const scratch = mkdtempSync(join(tmpdir(), "nanproof-mutation-"));

/** Puts the sources into the scratch folder, as they are but for the mutation. */
async function prepare(mutation?: Mutation): Promise<void> {
  for (const name of COPIED) cpSync(name, join(scratch, name), { recursive: true, force: true });
  if (mutation) {
    const path = join(scratch, mutation.file);
    const source = readFileSync(path, "utf8");
    if (source.split(mutation.find).length !== 2)
      throw new Error(
        `${mutation.file}: the text to break stands there ${source.split(mutation.find).length - 1} times: ${mutation.find}`,
      );
    writeFileSync(
      path,
      source.replace(mutation.find, () => mutation.replace),
    );
  }
  const built = join(scratch, "dist");
  const pristine = join(scratch, "pristine");
  if (mutation?.file.includes("/assembly/"))
    await execa("npx", ["tsx", "scripts/build-explorer.ts"], { cwd: scratch });
  else if (mutation) cpSync(pristine, built, { recursive: true, force: true });
  else {
    await execa("npx", ["tsx", "scripts/build-explorer.ts"], { cwd: scratch });
    cpSync(built, pristine, { recursive: true });
  }
}

/** How many tests of a file fail. */
async function failures(file: string): Promise<number> {
  const outputFile = join(scratch, "results.json");
  rmSync(outputFile, { force: true });
  await execa("npx", ["vitest", "run", file, "--reporter=json", `--outputFile=${outputFile}`], {
    cwd: scratch,
    reject: false,
    env: { NANPROOF_RUNS: RUNS },
  });
  const { success, numFailedTests } = JSON.parse(readFileSync(outputFile, "utf8")) as {
    success: boolean;
    numFailedTests: number;
  };
  return success ? 0 : Math.max(1, numFailedTests);
}

/** What notices a mutation first, for the table; null where nothing does. */
async function noticedBy(suite: readonly string[]): Promise<string | null> {
  for (const file of suite) {
    const failed = await failures(file);
    if (failed > 0) return `\`${file}\` (${failed})`;
  }
  return null;
}

const engineOf = ({ file }: Mutation) => (file.includes("/explorer/") ? "explorer" : "tfjs");

function table(rows: readonly string[]): string {
  return ["| engine | broken | noticed by (tests that fail) |", "|---|---|---|", ...rows].join("\n");
}

async function main(): Promise<boolean> {
  symlinkSync(resolve("node_modules"), join(scratch, "node_modules"));
  await prepare();
  const broken = (await noticedBy(SUITE.explorer)) ?? (await noticedBy(SUITE.tfjs));
  if (broken !== null) throw new Error(`the suite fails without a mutation: ${broken}`);
  const wanted = process.argv.slice(2).find((word) => !word.startsWith("--"));
  const mutations = MUTATIONS.filter(({ name }) => wanted === undefined || name.includes(wanted));
  const rows: string[] = [];
  let survivors = 0;
  for (const mutation of mutations) {
    await prepare(mutation);
    const by = await noticedBy(SUITE[engineOf(mutation)]);
    if (by === null) survivors += 1;
    rows.push(`| ${engineOf(mutation)} | ${mutation.name} | ${by ?? "**nothing**"} |`);
    console.error(rows.at(-1));
  }
  console.log(table(rows));
  if (process.argv.includes("--write") && wanted === undefined) {
    const page = readFileSync("CONTRIBUTING.md", "utf8");
    const marked = /(<!-- mutations -->\n)[\s\S]*?(<!-- end of mutations -->)/;
    writeFileSync(
      "CONTRIBUTING.md",
      page.replace(marked, (_, start, end) => `${start}${table(rows)}\n${end}`),
    );
  }
  return survivors === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}
