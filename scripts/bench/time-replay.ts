import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { replayFixture } from "../../src/fixtures/replay.ts";
import { readFixture } from "../../src/fixtures/store.ts";
import { openEngine } from "../../src/programs/lstm/engines/open.ts";

/**
 * Times one replay as a command, beside a Node that does nothing, and within a process: of every committed
 * fixture in turn. Median, and from the 10 % to the 90 % mark.
 *
 *   npx tsx scripts/bench/time-replay.ts [rounds, 20]
 *
 * As a command: wall clock, and the processor time that the process itself used, which other work on the machine
 * touches less. npx starts npm first, and processes of its own: wall clock only.
 */
const rounds = Number(process.argv[2] ?? 20);
const fixtures = readdirSync("fixtures")
  .filter((name) => name.endsWith(".json"))
  .map((name) => `fixtures/${name}`);

const folder = mkdtempSync(join(tmpdir(), "nanproof-time-replay-"));
const cpuFile = join(folder, "cpu");
const preload = join(folder, "preload.cjs");
writeFileSync(
  preload,
  `process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    require("node:fs").writeFileSync(${JSON.stringify(cpuFile)}, String((user + system) / 1000));
  });`,
);

try {
  const node = { wall: [] as number[], cpu: [] as number[] };
  const command = { wall: [] as number[], cpu: [] as number[] };
  const npx: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const fixture = fixtures[round % fixtures.length] as string;
    await timeNode(node, ["--eval", "0"]);
    await timeNode(command, ["dist/cli/main.js", "replay", fixture]);
    npx.push(await milliseconds("npx", ["nanproof", "replay", fixture]));
  }
  report("node that does nothing, wall", node.wall);
  report("node that does nothing, cpu", node.cpu);
  report("node dist/cli/main.js replay, wall", command.wall);
  report("node dist/cli/main.js replay, cpu", command.cpu);
  report("npx nanproof replay, wall", npx);
} finally {
  rmSync(folder, { recursive: true });
}

const engine = await openEngine("explorer");
const first: number[] = [];
const medians: number[] = [];
for (const path of fixtures) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await replayFixture(readFixture(path), engine);
    times.push(performance.now() - start);
  }
  first.push(times[0] ?? 0);
  medians.push(at(times, 0.5));
}
console.log(`in process, the very first            ${first[0]?.toFixed(1)} ms`);
report("in process, a fixture's first", first);
report("in process, each fixture's median", medians);
console.log(`the slowest fixture's median          ${Math.max(...medians).toFixed(1)} ms`);

async function timeNode(times: { wall: number[]; cpu: number[] }, args: string[]): Promise<void> {
  times.wall.push(await milliseconds(process.execPath, ["--require", preload, ...args]));
  times.cpu.push(Number(readFileSync(cpuFile, "utf8")));
}

async function milliseconds(file: string, args: string[]): Promise<number> {
  const start = performance.now();
  await execa(file, args);
  return performance.now() - start;
}

function report(what: string, values: number[]): void {
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => at(values, share).toFixed(1));
  console.log(`${what.padEnd(36)}  ${middle} ms (${low} to ${high})`);
}

function at(values: number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
}
