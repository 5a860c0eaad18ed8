// What the invariants that are asked for by name report where nothing is known to be wrong: cases of the committed domains under
// `hardened`, and the fixed twins of the examples in JavaScript, each trained at its defaults. The table of docs/programs.md.
// npx tsx scripts/experiments/invariants-table.ts [--cases 200]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { askedInvariants } from "../../src/invariants/asked.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { caseMaker } from "../../src/programs/lstm/generation/caseMaker.ts";
import { readDomain } from "../../src/programs/lstm/generation/readDomain.ts";
import { defaultsOf } from "../../src/programs/process/knobs.ts";
import { openProgram } from "../../src/programs/process/open.ts";
import type { Host } from "../../src/programs/program.ts";
import { runSession } from "../../src/programs/run.ts";

const { values } = parseArgs({ options: { cases: { type: "string", default: "200" } } });
const cases = Number(values.cases);
const SPECS = ["exploding", "frozen-parameter", "dead-gradient", "stuck"];
const DOMAINS = ["default", "wide", "low-rate"];

/** True where a run breaks an invariant before anything else ends it. */
async function breaks(host: Host, testCase: unknown, spec: string): Promise<boolean> {
  const asked = { ...host, invariants: await askedInvariants([spec]) };
  const session = await host.program.open(asked, testCase, { folder: "." });
  try {
    const { status, ...rest } = await runSession(asked, session);
    const death = status === "failed" && "death" in rest ? rest.death : null;
    return death?.diagnosis?.signature.startsWith(`step/${spec}/`) ?? false;
  } finally {
    await session.dispose();
  }
}

console.log(
  `| invariant | ${DOMAINS.map((name) => `\`${name}\`, of ${cases}`).join(" | ")} | fixed examples |`,
);
console.log(`|---|${DOMAINS.map(() => "---|").join("")}---|`);
const engine = await openEngine("explorer");
const examples = (JSON.parse(readFileSync("examples/examples.json", "utf8")) as { fixed: string }[])
  .map(({ fixed }) => fixed)
  .filter((file) => file.endsWith(".mjs"));
for (const spec of SPECS) {
  const counts: string[] = [];
  for (const name of DOMAINS) {
    const make = caseMaker({ domain: readDomain(name), base: presets.hardened, seed: "invariants" });
    let broken = 0;
    for (let index = 0; index < cases; index++)
      if (await breaks(engine, make({ index, parent: null }), spec)) broken += 1;
    counts.push(String(broken));
  }
  const reported: string[] = [];
  for (const file of examples) {
    const host = await openProgram({
      file: `examples/${file}`,
      python: null,
      backend: null,
      threads: 1,
      isFresh: false,
    });
    const { knobs, steps } = host.hosting.ready;
    const testCase = { schemaVersion: 1 as const, knobs: defaultsOf(knobs), seed: 1, steps };
    if (await breaks(host as unknown as Host, testCase, spec)) reported.push(file.replace("fixed/", ""));
    await host.close?.();
  }
  const of = reported.length === 0 ? "none" : reported.join(", ");
  console.log(`| \`${spec}\` | ${counts.join(" | ")} | ${reported.length} of ${examples.length}: ${of} |`);
}
