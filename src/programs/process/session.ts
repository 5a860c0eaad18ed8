import type { HostRecord, HostReply } from "../protocol.ts";
import type { NamedArrays, Session } from "../session.ts";
import { DEFAULT_INVARIANTS, type StepInvariant } from "../stepInvariant.ts";
import type { StepRecord } from "../stepRecord.ts";
import type { ProgramCase } from "./case.ts";
import type { ProgramDiagnosis } from "./diagnosis.ts";
import { programError } from "./errors.ts";
import type { Hosting, StepFiles } from "./hosting.ts";
import { stepRecordOf } from "./record.ts";
import type { ProgramStep } from "./step.ts";

/** Steps that are asked for at once take about so long. */
const CHUNK_MS = 200;
const LARGEST_CHUNK = 256;

type ProgramSession = Session<ProgramStep, ProgramDiagnosis>;

/** Opens a run of a program from its start. */
export async function openRun(
  hosting: Hosting,
  testCase: ProgramCase,
  invariants: readonly StepInvariant[] | undefined,
): Promise<ProgramSession> {
  const opened = await hosting.opened(testCase);
  // What the harness judges may end the run at any step, and the state before that step is then asked for.
  const isJudgedHere = invariants?.some((invariant) => !DEFAULT_INVARIANTS.includes(invariant)) ?? false;
  return new RunSession(hosting, testCase, opened, isJudgedHere ? 1 : LARGEST_CHUNK);
}

class RunSession implements ProgramSession {
  readonly steps: number;
  readonly description: string;
  readonly #hosting: Hosting;
  readonly #testCase: ProgramCase;
  readonly #weights: number;
  readonly #largestChunk: number;
  #waiting: HostRecord[] = [];
  #end: (() => null) | null = null;
  #chunk = 1;
  #last: HostRecord | null = null;

  constructor(hosting: Hosting, testCase: ProgramCase, opened: HostReply<"open">, largestChunk: number) {
    this.steps = testCase.steps;
    this.description = describe(hosting, opened);
    this.#hosting = hosting;
    this.#testCase = testCase;
    this.#weights = weightsOf(opened);
    this.#largestChunk = largestChunk;
  }

  step(): StepRecord | null | Promise<StepRecord | null> {
    return this.#waiting.length > 0 || this.#end !== null ? this.#next() : this.#advance();
  }

  async cutOut(): Promise<ProgramStep> {
    const { state, batch } = await this.#hosting.saved("before");
    return { case: { ...this.#testCase, cutOutAt: this.#last?.step ?? 1 }, state, batch };
  }

  async diagnose(): Promise<ProgramDiagnosis | null> {
    const record = this.#last;
    if (record === null) return null;
    const { digest } = await this.#hosting.ask("digest");
    const files = this.#hosting.files();
    await this.#hosting.ask("save", { which: "before", ...files });
    try {
      return await examined(this.#hosting, files, record, digest);
    } finally {
      this.#hosting.drop(files);
    }
  }

  work(): number {
    return this.#weights;
  }

  async state(when: "before" | "now"): Promise<NamedArrays> {
    if (when === "before") return [];
    const { digest } = await this.#hosting.ask("digest");
    return digestArrays([digest]);
  }

  /** The case stays open: a step of it may be run by itself next. */
  dispose(): void {}

  async #advance(): Promise<StepRecord | null> {
    const from = performance.now();
    const { records, ended, error } = await this.#hosting.ask("advance", { steps: this.#chunk });
    const pace = (performance.now() - from) / Math.max(1, records.length);
    this.#chunk = Math.max(1, Math.min(this.#largestChunk, 2 * this.#chunk, Math.floor(CHUNK_MS / pace)));
    this.#waiting = [...records];
    if (ended === "error" && error !== undefined) {
      const thrown = programError(this.#hosting.ready.file.name, error);
      this.#end = () => {
        throw thrown;
      };
    } else if (ended !== null) this.#end = () => null;
    return this.#next();
  }

  #next(): StepRecord | null {
    const record = this.#waiting.shift();
    if (record === undefined) return this.#end?.() ?? null;
    this.#last = record;
    return stepRecordOf(record);
  }
}

/** Opens a step by itself, as a run of one step. */
export async function openStep(hosting: Hosting, step: ProgramStep): Promise<ProgramSession> {
  const opened = await hosting.standing(step.case);
  const files = hosting.written(step);
  let ran: { records: HostRecord[]; digests: string[] } | null = null;
  return {
    steps: 1,
    description: describe(hosting, opened),
    async step() {
      if (ran !== null) return null;
      // Twice: a step that gives other bits the second time is called flaky.
      ran = await hosting.run(files, 2);
      const [record] = ran.records;
      return record === undefined ? null : { ...stepRecordOf(record), step: 1 };
    },
    cutOut: () => step,
    async diagnose() {
      const [record] = ran?.records ?? [];
      if (record === undefined || ran === null) return null;
      const death = await hosting.named(files, record);
      return death && withFlaky(death, ran.records, ran.digests);
    },
    work: () => weightsOf(opened),
    state: (when) => (when === "before" ? [] : digestArrays(ran?.digests ?? [])),
    dispose: () => hosting.drop(files),
  };
}

/** Runs a step of a death again, twice, then traces it and names its death. */
async function examined(
  hosting: Hosting,
  files: StepFiles,
  record: HostRecord,
  digest: string,
): Promise<ProgramDiagnosis | null> {
  const { records, digests } = await hosting.run(files, 2);
  const death = await hosting.named(files, record);
  return death && withFlaky(death, [record, ...records], [digest, ...digests]);
}

/** The death, with the reason why it is flaky where the same step gave other bits. */
function withFlaky(
  death: ProgramDiagnosis,
  records: readonly HostRecord[],
  digests: readonly string[],
): ProgramDiagnosis {
  const lived = records.filter(({ dead }) => dead === null).length;
  if (lived > 0)
    return {
      ...death,
      flaky: `run again from the same state on the same batch the step lives (${lived} of ${records.length} times): something that the step depends on is not part of its state, such as randomness without a seed`,
    };
  if (new Set(digests).size <= 1) return death;
  return {
    ...death,
    flaky:
      "run again from the same state on the same batch the step dies with other bits: something that it depends on is not part of its state, such as randomness without a seed",
  };
}

function describe({ ready }: Hosting, { batch, framework }: HostReply<"open">): string {
  const parts = batch.map(({ name, dtype, shape }) => `${name}: ${dtype} [${shape.join(", ")}]`);
  return `${ready.file.name} (${framework}), batches of ${parts.join("; ") || "nothing"}`.slice(0, 400);
}

/** Numbers in the weights of a program, and 1: a step of one without weights is work too. */
function weightsOf({ state }: HostReply<"open">): number {
  const weights = state.filter(({ role }) => role === "weight");
  return weights.reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 1);
}

/** A digest of a host as the digest of a run takes it: its bytes, one by one. */
function digestArrays(digests: readonly string[]): NamedArrays {
  return digests.map((digest) => ["digest", Float32Array.from(Buffer.from(digest, "hex"))] as const);
}
