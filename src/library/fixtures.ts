import * as z from "zod";
import { type Judgement, judgeFix as judge, measureFixes as measure } from "../fixtures/judge.ts";
import { type Replay, type Rerun, replayFixture as replay, rerun as rerunCase } from "../fixtures/replay.ts";
import { fixtureSchemaOf } from "../fixtures/schema.ts";
import { readFixture as fixtureAt, writeFixture as write } from "../fixtures/store.ts";
import type { Domain } from "../programs/lstm/cases/domains.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import type { Engine } from "../programs/lstm/engines/engine.ts";
import type { Fix, FixName } from "../programs/lstm/fixes/fixes.ts";
import { readDomain as domainAt } from "../programs/lstm/generation/readDomain.ts";
import { lstm } from "../programs/lstm/program.ts";
import { type Comparison, compareRecording as compare } from "../programs/lstm/recordings/compare.ts";
import {
  checkedRecordingSchema,
  type Recording,
  readRecording as recordingAt,
} from "../programs/lstm/recordings/recording.ts";
import type { CaseFiles } from "../programs/program.ts";
import { bytes, callback, checked, path } from "./check.ts";
import { engineOf } from "./engines.ts";
import type { LstmFixture, StoredLstmFixture } from "./lstmFixture.ts";
import { checkedCase, checkedFiles, checkedShape } from "./testCases.ts";

const FIXTURE = {
  code: "NANPROOF_E_FIXTURE",
  hint: "schemas/fixture.json describes a fixture; readFixture reads one, findingOf makes one",
} as const;

/** The schema of the fixtures that the library reads and writes: those of nanproof's own LSTM. */
const fixtureSchema = fixtureSchemaOf(lstm) as unknown as z.ZodType<LstmFixture>;
const stored = z.strictObject({ path: z.string(), fixture: fixtureSchema, binary: bytes.optional() });
const fix = z.strictObject({
  name: z.string(),
  acts: z.enum(["step", "training", "as-changed"]),
  description: z.string(),
  apply: callback<Fix["apply"]>(),
});

/** A fixture that is valid, with the file that holds its numbers. */
function checkedStored(value: StoredLstmFixture): StoredLstmFixture {
  const { binary, ...valid } = checked(stored, value, "stored", FIXTURE);
  checkedCase(valid.fixture.case, "stored.fixture.case", binary);
  return { ...valid, ...(binary && { binary }) };
}

/**
 * Reads a fixture and the binary file beside it.
 * @throws UsageError when either is not what it should be.
 */
export function readFixture(file: string): StoredLstmFixture {
  const read = fixtureAt(checked(path, file, "path"));
  checked(fixtureSchema, read.fixture, "fixture", FIXTURE);
  return read as StoredLstmFixture;
}

/**
 * Writes a fixture, and its binary file before it, so that a reader sees a whole fixture or none.
 * @returns The path of the fixture.
 * @throws UsageError when the fixture is no valid one, or the folder cannot be written to.
 */
export function writeFixture(folder: string, fixture: LstmFixture, binary?: Uint8Array): string {
  const valid = checked(fixtureSchema, fixture, "fixture", FIXTURE);
  const file = checked(bytes.optional(), binary, "binary");
  checkedCase(valid.case, "fixture.case", file);
  return write(checked(path, folder, "folder"), valid, file);
}

/**
 * Reruns a fixture and says whether it still dies as expected.
 * @throws UsageError naming the fixture, when it is no valid one, its text cannot be read or the engine cannot run it.
 */
export async function replayFixture(fixture: StoredLstmFixture, engine: Engine): Promise<Replay> {
  return replay(checkedStored(fixture), engineOf(engine));
}

/** Runs a case from its start on an engine and takes its digest. */
export async function rerun(engine: Engine, testCase: TrainingCase, files: CaseFiles): Promise<Rerun> {
  const found = checkedFiles(files);
  return rerunCase(engineOf(engine), checkedCase(testCase, "testCase", found.binary), found);
}

/**
 * Runs a fixture with a fix: it holds when no value becomes non-finite and no parameter freezes (an
 * overflowed moment counts, since it freezes its weight or makes NaN of it). A step that
 * `skipNonFinite` would leave out has had its non-finite value and fails.
 * @throws UsageError when an argument, or what the fix makes of the case, is not what it should be.
 */
export async function judgeFix(fixture: StoredLstmFixture, remedy: Fix, engine: Engine): Promise<Judgement> {
  const { apply, ...about } = checked(fix, remedy, "fix");
  const looking: Fix = {
    ...about,
    apply: (testCase) => checkedShape(apply(testCase), `${about.name}(case)`),
  };
  return judge(checkedStored(fixture), looking, engineOf(engine));
}

/**
 * Judges a fixture with each known fix, in the order of `fixes`.
 * @param onFix Called with each before it is tried, and with how many were tried before it.
 */
export async function measureFixes(
  fixture: StoredLstmFixture,
  engine: Engine,
  onFix?: (name: FixName, tried: number) => void,
): Promise<NonNullable<LstmFixture["fixes"]>> {
  const tell = checked(callback<NonNullable<typeof onFix>>().optional(), onFix, "onFix");
  const measured = await measure(
    checkedStored(fixture),
    engineOf(engine),
    tell && { onFix: (name, tried) => tell(name as FixName, tried) },
  );
  return measured as NonNullable<LstmFixture["fixes"]>;
}

/**
 * The domain of that name, or the one in that file.
 * @throws UsageError when it is neither a name nor a file with a valid domain.
 */
export function readDomain(nameOrPath: string): Domain {
  return domainAt(checked(path, nameOrPath, "nameOrPath"));
}

/**
 * Reads a recording and checks that its numbers have the shapes that its case asks for.
 * @throws UsageError naming the file, the field, the value and the remedy.
 */
export function readRecording(file: string): Recording {
  return recordingAt(checked(path, file, "path"));
}

/**
 * Replays a recording on an engine and compares step by step. In a fatal step only the death
 * counts, and of a recording whose first step is fatal nothing else: what is still finite there
 * depends on a library's sigmoid of -Infinity.
 */
export function compareRecording(recording: Recording, engine: Engine): Comparison {
  return compare(checked(checkedRecordingSchema, recording, "recording"), engineOf(engine));
}
