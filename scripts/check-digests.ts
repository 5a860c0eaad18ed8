/**
 * Computes the explorer's table of digests under other compilers and instruction sets, and compares each
 * with src/programs/lstm/engines/explorer/digests.json.
 *
 *     tsx scripts/check-digests.ts [--node24]
 *
 * V8's baseline compiler alone, its optimizing compiler alone, and without AVX; with --node24 on Node 24
 * too, which npm fetches into a scratch folder (as a dependency it would replace `node` in every npm script).
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const expected = readFileSync("src/programs/lstm/engines/explorer/digests.json", "utf8");
const FLAGS = [[], ["--liftoff-only"], ["--no-liftoff"], ["--no-enable-avx"]];

let failed = false;
for (const flags of FLAGS) await check(process.execPath, flags);
if (process.argv.includes("--node24")) {
  const folder = mkdtempSync(join(tmpdir(), "nanproof-node24-"));
  try {
    await execa("npm", ["install", "--prefix", folder, "--no-save", "--no-package-lock", "node@24"]);
    for (const flags of FLAGS) await check(join(folder, "node_modules/node/bin/node"), flags);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = failed ? 1 : 0;

async function check(node: string, flags: string[]): Promise<void> {
  const { stdout: version } = await execa(node, ["--version"]);
  const name = [version, ...flags].join(" ");
  const { stdout } = await execa(node, [...flags, "--import", "tsx", "scripts/digest-table.ts"], {
    // Of these kernels alone, without native products.
    env: { NANPROOF_PRODUCTS: "wasm" },
  });
  const same = `${stdout}\n` === expected;
  failed ||= !same;
  process.stdout.write(`${name}: ${same ? "same digests" : "DIFFERENT digests"}\n`);
}
