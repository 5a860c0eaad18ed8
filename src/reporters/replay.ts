import { shellWord } from "../documents/printable.ts";
import type { Replay } from "../fixtures/replay.ts";
import type { Fixture } from "../fixtures/schema.ts";
import type { Diagnosis } from "../programs/death.ts";
import type { Host } from "../programs/program.ts";
import { NO_FLAGS, type RepeatedFlags } from "./fixtureCommand.ts";
import { fixesLines, knownJson } from "./known.ts";
import { sizePhrase } from "./size.ts";

/** The JSON document of `nanproof replay` of one fixture. */
export function replayJson(
  fixture: Pick<Fixture, "sentence" | "size" | "fixes">,
  { reproduced, signature, step, digest, ms, trajectory }: Replay,
) {
  const site = trajectory.status === "failed" ? (trajectory.death.diagnosis?.site ?? null) : null;
  return { reproduced, signature, step, digest, ms: Number(ms.toFixed(3)), site, ...knownJson(fixture) };
}

/** The result of a replay, in plain words. */
export function replaySummary<D extends Diagnosis>(
  path: string,
  fixture: Fixture,
  replay: Replay<D>,
  { name: engine, program: { words, remedies } }: Host<unknown, unknown, D>,
  again: RepeatedFlags = NO_FLAGS,
): string[] {
  const { expected, case: testCase, sentence, size } = fixture;
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
  if (reproduced && signature !== null && signature !== expected.signature)
    lines.push(
      `  otherwise  the operation is called ${signature?.split("/").at(-1)} here: another version of its framework, or another line`,
    );
  const because = diagnosis && words.because(diagnosis);
  if (diagnosis) lines.push(`  first      ${words.where(diagnosis, testCase)}`, `  because    ${because}`);
  if (diagnosis?.flaky !== undefined) lines.push(`  FLAKY      ${diagnosis.flaky}`);
  if (sentence !== undefined && sentence !== because) lines.push(`  in short   ${sentence}`);
  if (size !== undefined) lines.push(`  size       ${sizePhrase(size)}`);
  lines.push(
    `  digest     ${digest} (${digestWords((expected.digests as Partial<Record<string, string>>)[engine], digest, engine)})`,
  );
  const names = remedies.fixes.map(({ name }) => name);
  for (const line of fixesLines(fixture, path, names, again)) lines.push(`  ${line}`);
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
