import { shellWord } from "../documents/printable.ts";
import type { Replay } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../programs/death.ts";
import type { Host } from "../programs/program.ts";

/** The JSON document of `nanproof replay`. */
export function replayJson({ reproduced, signature, step, digest, ms }: Replay) {
  return { reproduced, signature, step, digest, ms: Number(ms.toFixed(3)) };
}

/** What a replay showed, in plain words. */
export function replaySummary<D extends Diagnosis>(
  path: string,
  { expected, case: testCase }: Fixture,
  replay: Replay<D>,
  { name: engine, program: { words } }: Host<unknown, unknown, D>,
): string[] {
  const { reproduced, signature, step, digest, ms, trajectory } = replay;
  const diagnosis = trajectory.status === "failed" ? trajectory.death.diagnosis : null;
  const lines = [
    reproduced
      ? `reproduced: ${shellWord(path)} dies at step ${step} of ${expected.signature}, in ${ms.toFixed(0)} ms on ${engine}`
      : `diverged: ${shellWord(path)} on ${engine}: ${outcome(replay)}`,
  ];
  if (!reproduced)
    lines.push(
      `  expected   ${expected.signature} at step ${expected.step}`,
      `  came out   ${signature ?? "no signature"} at step ${step}`,
    );
  if (diagnosis)
    lines.push(
      `  first      ${words.where(diagnosis, testCase)}`,
      `  because    ${words.because(diagnosis)}`,
    );
  lines.push(
    `  digest     ${digest} (${digestWords((expected.digests as Partial<Record<string, string>>)[engine], digest, engine)})`,
  );
  return lines;
}

function outcome({ trajectory }: Replay): string {
  if (trajectory.status === "completed") return "the run stays finite";
  return trajectory.status === "failed" ? "the run dies otherwise" : "the run was interrupted";
}

function digestWords(recorded: string | undefined, digest: string, engine: string): string {
  if (recorded === undefined) return `none recorded for ${engine}`;
  if (recorded === digest) return "as recorded";
  return `recorded ${recorded.slice(0, 12)}...; another CPU or version of ${engine} may differ in the last bits`;
}
