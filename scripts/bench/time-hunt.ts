// How soon a hunt sees its first death, and what a second worker brings.
// npx tsx scripts/bench/time-hunt.ts [--seeds 9] [--cases 400] [--rounds 3]
// Needs the built package (npm run build). The pace of one and of two workers is measured in turns, so that a
// machine that slows down slows both.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "9" },
    cases: { type: "string", default: "400" },
    rounds: { type: "string", default: "3" },
  },
});
const root = mkdtempSync(join(tmpdir(), "nanproof-time-hunt-"));
let folders = 0;

/** The JSON of one hunt, in a folder of its own. */
async function hunt(args: string[]): Promise<{ firstFailureSeconds: number | null; casesPerSecond: number }> {
  const out = join(root, String(folders++));
  const { stdout } = await execa(
    process.execPath,
    ["dist/cli/main.js", "hunt", ...args, "--out", out, "--json"],
    {
      reject: false,
    },
  );
  return JSON.parse(stdout);
}

const median = (numbers: number[]) =>
  numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const first: number[] = [];
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const { firstFailureSeconds } = await hunt(["--seed", `first-${seed}`, "--cases", "60", "--workers", "1"]);
  first.push(firstFailureSeconds ?? Number.POSITIVE_INFINITY);
  console.error(`seed first-${seed}: first death after ${firstFailureSeconds} s`);
}
console.log(
  `First death in the default domain of published, one worker, from the start of the process: median ${median(first).toFixed(2)} s over ${first.length} seeds (${Math.min(...first).toFixed(2)} to ${Math.max(...first).toFixed(2)} s).`,
);

const ratios: number[] = [];
for (let round = 1; round <= Number(values.rounds); round++) {
  // Rates at which nothing dies: what is timed is running cases, not making fixtures.
  const args = ["--domain", "benchmark", "--learning-rate", "0.0001", "--seed", `pace-${round}`];
  const paces = [];
  for (const workers of ["1", "2"]) {
    const { casesPerSecond } = await hunt([
      ...args,
      "--cases",
      values.cases,
      "--workers",
      workers,
      "--strategy",
      "random",
    ]);
    paces.push(casesPerSecond);
  }
  const [one = Number.NaN, two = Number.NaN] = paces;
  ratios.push(two / one);
  console.error(`round ${round}: ${one} cases/s with one worker, ${two} with two`);
}
console.log(
  `Two workers run ${median(ratios).toFixed(2)} times the cases of one (median of ${ratios.length} rounds).`,
);
rmSync(root, { recursive: true, force: true });
