import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/**
 * Times what CI waits for: a gate over many fixtures, the committed ones copied in turn.
 *
 *   npx tsx scripts/bench/time-gate.ts [fixtures, 1000]
 */
const count = Number(process.argv[2] ?? 1000);
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
} finally {
  rmSync(folder, { recursive: true });
}

async function seconds(args: string[]): Promise<number> {
  const start = performance.now();
  await execa(process.execPath, [MAIN, ...args], { stderr: "ignore" });
  return (performance.now() - start) / 1000;
}
