// What the pool of hot cases brings where fresh cases hardly die: deaths with and without it, and by when it is drawn on.
// npx tsx scripts/experiments/choose-pool.ts [--domain low-rate] [--seeds 3] [--steps 100000]
// Every variant searches the same seeds, each for so many steps.
import { parseArgs } from "node:util";
import { guidedStrategy } from "../../src/hunt/plan/guided.ts";
import type { Guidance } from "../../src/programs/generating.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";
import { generation } from "../../src/programs/lstm/generation/generation.ts";
import { guidance } from "../../src/programs/lstm/generation/guidance.ts";
import { readDomain } from "../../src/programs/lstm/generation/readDomain.ts";
import { searchAlone } from "./search/searchAlone.ts";

const { values } = parseArgs({
  options: {
    domain: { type: "string", default: "low-rate" },
    seeds: { type: "string", default: "3" },
    steps: { type: "string", default: "100000" },
  },
});
const VARIANTS: Readonly<Record<string, Pick<Guidance, "quiet" | "pool">>> = {
  "no pool": { quiet: Number.POSITIVE_INFINITY, pool: 16 },
  "16 cases after 1,024 (in use)": { quiet: 1024, pool: 16 },
  "16 cases after 128": { quiet: 128, pool: 16 },
};

const engine = await openEngine("explorer");
console.log(`${values.domain}, ${values.seeds} seeds of ${values.steps} steps\n`);
console.log("| pool | cases | deaths | steps before the first, by seed | hottest that lived |");
console.log("|---|---|---|---|---|");
for (const [name, tuning] of Object.entries(VARIANTS)) {
  let cases = 0;
  let deaths = 0;
  let hottest = Number.NEGATIVE_INFINITY;
  const first: string[] = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const space = { domain: readDomain(values.domain), base: presets.published, seed: `pool-${seed}` };
    const arm = await searchAlone(
      engine,
      guidedStrategy(
        {
          seed: space.seed,
          cases: generation.cases(space, space.seed),
          guidance: { ...guidance, ...tuning },
        },
        null,
      ),
      space,
      ({ steps }) => steps >= Number(values.steps),
    );
    cases += arm.cases;
    deaths += arm.deaths.length;
    hottest = Math.max(hottest, arm.hottest);
    first.push(String(arm.deaths[0]?.after ?? "none"));
    console.error(`${name}, seed ${seed}: ${arm.deaths.length} deaths in ${arm.cases} cases`);
  }
  console.log(`| ${name} | ${cases} | ${deaths} | ${first.join(", ")} | 1e${hottest.toFixed(1)} |`);
}
