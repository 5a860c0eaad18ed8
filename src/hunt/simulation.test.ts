import { hash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lstmHunt } from "../library/huntSettings.ts";
import { randomStream } from "../numerics/random.ts";
import { presets } from "../programs/lstm/cases/presets.ts";
import type { HuntSettings } from "./settings.ts";
import { deadly } from "./testing/deadly.ts";
import { folderBytes } from "./testing/folderBytes.ts";
import { CONFIRM } from "./testing/simulation/plantedResults.ts";
import { disturbed, undisturbed } from "./testing/simulation/simulate.ts";
import { SimulatedDisk } from "./testing/simulation/simulatedDisk.ts";

/** NANPROOF_SIMULATIONS=1000 for more seeds, NANPROOF_SEED=17 for that one alone. */
const count = Number(process.env.NANPROOF_SIMULATIONS ?? 100);
const only = process.env.NANPROOF_SEED;
const seeds = only === undefined ? Array.from({ length: count }, (_, i) => `${i}`) : [only];

// In memory where there is a folder of it: some ten thousand files are written.
const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "nanproof-simulation-"));
const disk = new SimulatedDisk(root);
afterAll(() => {
  disk.close();
  rmSync(root, { recursive: true, force: true });
});

function settingsOf(seed: string, out: string): HuntSettings {
  const random = randomStream(seed, "settings");
  return lstmHunt({
    seed,
    domain: deadly,
    base: presets.published,
    strategy: random.integer(4) > 0 ? "guided" : "random",
    keep: 1 + random.integer(3),
    confirm: CONFIRM,
    budget: { kind: "cases", cases: 30 + random.integer(170) },
    out: join(root, out),
  });
}

/** A digest of every file; a hunt for fewer cases than the whole has saved how far it got in a file of its own, which counts for nothing. */
function digests(folder: string, among?: Record<string, string>): Record<string, string> {
  const files = Object.entries(folderBytes(folder)).filter(
    ([name]) => among === undefined || name in among || !/^\.nanproof\/hunt-/.test(name),
  );
  return Object.fromEntries(files.map(([name, bytes]) => [name, hash("sha256", bytes).slice(0, 12)]));
}

describe("a hunt that everything goes wrong with at once ends as one that nobody disturbs, to the byte", () => {
  it.each(seeds)("seed %s", async (seed) => {
    const whole = settingsOf(seed, `${seed}-whole`);
    const calm = await undisturbed(whole);
    expect(calm).toMatchObject({ status: "finished", pending: 0, stale: [] });
    const parted = settingsOf(seed, `${seed}-parts`);
    const { report, parts } = await disturbed(parted, disk);
    const story = parts.join("\n");
    expect(report.tally, story).toEqual(calm.tally);
    const expected = digests(`${whole.out}`);
    expect(digests(`${parted.out}`, expected), story).toEqual(expected);
    for (const { out } of [whole, parted]) rmSync(`${out}`, { recursive: true });
  });
});
