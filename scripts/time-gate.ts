import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { openEngine } from "../src/engines/open.ts";
import { replayFixture } from "../src/fixtures/replay.ts";
import { readFixture } from "../src/fixtures/store.ts";

/**
 * Times what CI waits for: a gate over many fixtures (the committed ones, copied in turn), one replay as a
 * command, and one replay within a process.
 *
 *   npx tsx scripts/time-gate.ts [fixtures, 1000]
 */
const count = Number(process.argv[2] ?? 1000);
const REPEATS = 7;
const MAIN = "dist/cli/main.js";

const committed = readdirSync("fixtures").filter((name) => name.endsWith(".json"));
const folder = mkdtempSync(join(tmpdir(), "nanproof-time-gate-"));
try {
  for (let i = 0; i < count; i++) {
    const name = committed[i % committed.length] as string;
    copyFileSync(join("fixtures", name), join(folder, `${String(i).padStart(6, "0")}-${name}`));
  }
  const gate = await seconds(["gate", "--fixtures", folder, "--budget", "0", "--json"]);
  console.log(`gate over ${count} fixtures        ${gate.toFixed(1)} s`);

  const commands = [];
  for (let i = 0; i < REPEATS; i++) {
    const name = committed[i % committed.length] as string;
    commands.push(await seconds(["replay", `fixtures/${name}`, "--json"]));
  }
  console.log(`replay as a command, median     ${median(commands).toFixed(2)} s`);

  const engine = await openEngine("explorer");
  const inProcess = [];
  for (const name of committed) {
    const stored = readFixture(`fixtures/${name}`);
    for (let i = 0; i < REPEATS; i++) inProcess.push((await replayFixture(stored, engine)).ms);
  }
  console.log(
    `replay in process               first ${inProcess[0]?.toFixed(1)} ms, median ${median(inProcess).toFixed(1)} ms, longest ${Math.max(...inProcess).toFixed(1)} ms`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

async function seconds(args: string[]): Promise<number> {
  const start = performance.now();
  await execa(process.execPath, [MAIN, ...args], { stderr: "ignore" });
  return (performance.now() - start) / 1000;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
