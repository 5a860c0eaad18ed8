import { runToDeath } from "../../findings/runToDeath.ts";
import { fixtureSchema } from "../../fixtures/schema.ts";
import type { StoredFixture } from "../../fixtures/store.ts";
import type { ProgramCase } from "../../programs/process/case.ts";
import { openProgram } from "../../programs/process/open.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import { planted } from "../../programs/testing/hostProcess.ts";

/** Starts a planted program. */
export function openPlanted(name: string): Promise<ProgramHost> {
  return openFile(planted(name), null);
}

/** Starts a program by its path; one in Python with that interpreter. */
export function openFile(file: string, python: string | null): Promise<ProgramHost> {
  return openProgram({ file, python, backend: null, threads: 1, isFresh: false });
}

/**
 * The fixture of a run of a program that dies, or of its fatal step, as if read from `memory.json`.
 * @throws Error when the run lives.
 */
export async function storedProgramFixture(
  host: ProgramHost,
  grade: "run" | "step",
  { knobs = {}, seed = 1 }: { knobs?: ProgramCase["knobs"]; seed?: number } = {},
): Promise<StoredFixture> {
  const run: ProgramCase = { schemaVersion: 1, knobs, seed, steps: host.hosting.ready.steps };
  const { dead } = await runToDeath(host as never, run, { folder: "." });
  if (dead === null) throw new Error("the run lives");
  const { mechanism: _, ...seen } = dead.fatal.death;
  const { case: testCase, binary } = host.program.stepCase(dead.fatal.step as never);
  const fixture = fixtureSchema.parse({
    schemaVersion: 1,
    grade,
    program: { name: host.file?.name, sha256: host.file?.sha256 },
    case: grade === "run" ? run : testCase,
    expected: {
      ...seen,
      step: grade === "run" ? dead.step : 1,
      reproducesOn: ["process"],
      digests: {},
      versions: {},
    },
    provenance: {
      nanproof: "0.1.0",
      engine: "process",
      preset: "program",
      data: "test",
      seed: String(seed),
      step: dead.step,
      captured: { rows: 0, time: 0 },
    },
  });
  return { path: "memory.json", fixture, ...(grade === "step" && binary && { binary }) } as StoredFixture;
}
