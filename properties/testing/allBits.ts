import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rerunFixture } from "../../src/fixtures/replay.ts";
import { readFixture } from "../../src/fixtures/store.ts";
import { packageFile } from "../../src/package.ts";
import { DOMAINS } from "../../src/programs/lstm/cases/domains.ts";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import type { TrainingCase } from "../../src/programs/lstm/cases/schema.ts";
import type { Engine } from "../../src/programs/lstm/engines/engine.ts";
import { digestTable } from "../../src/programs/lstm/engines/explorer/testing/digestTable.ts";
import { drawCase } from "../../src/programs/lstm/generation/drawCase.ts";
import { trainingCase } from "../../src/programs/lstm/generation/trainingCase.ts";
import { readRecording, recordedCase } from "../../src/programs/lstm/recordings/recording.ts";
import { digestOf } from "../../src/programs/lstm/relations/sameBits.ts";

const FIXTURES = fileURLToPath(packageFile("fixtures/"));

/**
 * The digests of all runs that two builds of the explorer are compared by: those of the committed table, and unless `cases` is 0
 * those of all recordings, of every fixture, and of that many generated cases.
 */
export async function bitsOf(engine: Engine, cases: number): Promise<Map<string, string>> {
  const bits = new Map<string, string>();
  for (const [name, { digest }] of Object.entries(digestTable(engine))) bits.set(`table ${name}`, digest);
  if (cases === 0) return bits;
  for (const name of jsonFiles("recordings"))
    bits.set(
      `recording ${name}`,
      digestOf(engine, recordedCase(readRecording(join(FIXTURES, "recordings", name)))),
    );
  for (const name of jsonFiles("."))
    bits.set(`fixture ${name}`, (await rerunFixture(readFixture(join(FIXTURES, name)), engine)).digest);
  for (let i = 0; i < cases; i++) bits.set(`generated ${i}`, digestOf(engine, generatedCase(i)));
  return bits;
}

/** Names of the runs whose digests differ. */
export function differences(wanted: ReadonlyMap<string, string>, got: ReadonlyMap<string, string>): string[] {
  return [...wanted].filter(([name, digest]) => got.get(name) !== digest).map(([name]) => name);
}

function jsonFiles(folder: string): string[] {
  return readdirSync(join(FIXTURES, folder)).filter((name) => name.endsWith(".json"));
}

/** Case `i` of the wide domain and the stress domain in turn, under the published program and ours in turn. */
function generatedCase(i: number): TrainingCase {
  const domain = i % 2 === 0 ? DOMAINS.wide : DOMAINS.stress;
  const base = i % 4 < 2 ? presets.published : presets.hardened;
  return drawCase(trainingCase(domain, base), "51038266", `products/${i}`);
}
