import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readSafetensors } from "../../documents/readSafetensors.ts";
import type { TensorFile } from "../../documents/safetensors.ts";
import { writeSafetensors } from "../../documents/writeSafetensors.ts";
import { parseTrace } from "../diagnosis/parseTrace.ts";
import type { FileOrder } from "../hostOrder.ts";
import type { Examined } from "../program.ts";
import type { HostRecord, HostReply, replySchemas } from "../protocol.ts";
import type { Trace } from "../trace/trace.ts";
import type { ProgramCase } from "./case.ts";
import { namedDeath, type ProgramDiagnosis } from "./diagnosis.ts";
import { ProgramError } from "./errors.ts";
import { HostProcess, type Ready } from "./hostProcess.ts";
import { type Launch, launchOf } from "./launch.ts";
import type { ProgramStep } from "./step.ts";

/** The files of a step, by path. */
export interface StepFiles {
  state: string;
  batch: string;
}

/** The part of a case that it is opened with. */
type Opening = Pick<ProgramCase, "knobs" | "seed" | "steps" | "intervention">;

/**
 * A person's file as it is run: one process, kept warm, and started again where it has ended. It has at most one case open.
 */
export class Hosting {
  /** The file's path. */
  readonly file: string;
  readonly order: FileOrder;
  readonly #launch: Launch;
  readonly #onPrint: (line: string) => void;
  readonly #folder = mkdtempSync(join(tmpdir(), "nanproof-"));
  /** Records of steps that were run by themselves, by their hashes; null where the program refused them. */
  readonly records = new Map<string, HostRecord | null>();
  /** Deaths of those steps, by their hashes. */
  readonly examined = new Map<string, Examined<ProgramDiagnosis>>();
  /** Which part of a step was not finite, by the death that it was named. */
  readonly partOf = new WeakMap<ProgramDiagnosis, NonNullable<HostRecord["dead"]>["where"]>();
  /** Operations of the step traced last. */
  operations = 0;
  #process: HostProcess;
  /** The case that is open, and the reply to its opening. */
  #open: { key: string; reply: HostReply<"open"> } | null = null;
  #framework: HostReply<"open">["framework"] | null = null;
  /** True once a script has run in this process: it does so once. */
  #isUsed = false;
  #files = 0;

  /** @throws ProgramError when the program does not load. */
  static async start(order: FileOrder, onPrint: (line: string) => void): Promise<Hosting> {
    const launch = launchOf(order);
    return new Hosting(order, launch, onPrint, await HostProcess.start(launch, onPrint));
  }

  private constructor(
    order: FileOrder,
    launch: Launch,
    onPrint: (line: string) => void,
    process: HostProcess,
  ) {
    this.order = order;
    this.file = resolve(order.file);
    this.#launch = launch;
    this.#onPrint = onPrint;
    this.#process = process;
  }

  /** The host's greeting once the file was loaded. */
  get ready(): Ready {
    return this.#process.ready;
  }

  get language(): Launch["language"] {
    return this.#launch.language;
  }

  /** The framework that the program trains with; null before a case was opened. */
  get framework(): HostReply<"open">["framework"] | null {
    return this.#framework;
  }

  /** Opens a case anew, at its start. */
  async opened(testCase: Opening): Promise<HostReply<"open">> {
    const key = keyOf(testCase);
    const isScript = this.ready.form === "script";
    if (this.#process.isGone || (isScript && this.#isUsed)) await this.#restart();
    else if (this.#open !== null) await this.#close();
    this.#isUsed = true;
    const { knobs, seed, steps, intervention } = testCase;
    const reply = await this.ask("open", {
      knobs: knobs ?? {},
      seed,
      steps,
      ...(intervention && { intervention }),
    });
    this.#open = { key, reply };
    this.#framework = reply.framework;
    return reply;
  }

  /** A case that is open, wherever in its run it is: enough to run steps that were cut out of it. */
  async standing(testCase: Opening): Promise<HostReply<"open">> {
    if (!this.#process.isGone && this.#open?.key === keyOf(testCase)) return this.#open.reply;
    return this.opened(testCase);
  }

  /** Asks the process. What it refuses or ends at is a `ProgramError`. */
  async ask<T extends keyof typeof replySchemas>(type: T, request: object = {}): Promise<HostReply<T>> {
    try {
      return await this.#process.ask(type, request);
    } catch (error) {
      if (this.#process.isGone) this.#open = null;
      throw error;
    }
  }

  /** The state before the step taken last, and its batch; or the state now, with the batch that waits. */
  async saved(which: "before" | "now"): Promise<{ state: TensorFile; batch: TensorFile }> {
    const files = this.files();
    await this.ask("save", { which, ...files });
    try {
      return { state: readFile(files.state), batch: readFile(files.batch) };
    } finally {
      this.drop(files);
    }
  }

  /** Puts a step's state and batch where the process reads them. */
  written({ state, batch }: { state: TensorFile; batch: TensorFile }): StepFiles {
    const files = this.files();
    writeFileSync(files.state, writeSafetensors(state));
    writeFileSync(files.batch, writeSafetensors(batch));
    return files;
  }

  /** Runs a step so many times from the same state. */
  async run(files: StepFiles, times: number): Promise<{ records: HostRecord[]; digests: string[] }> {
    return this.ask("run", { ...files, times });
  }

  /** Goes over a step that died, op by op, and names its death; null where `record` lives. */
  async named(files: StepFiles, record: HostRecord): Promise<ProgramDiagnosis | null> {
    if (record.dead === null) return null;
    const out = join(this.#folder, "trace.jsonl");
    try {
      const { record: traced, notes, operations } = await this.ask("trace", { ...files, out });
      this.operations = operations;
      const trace = parseTrace(readFileSync(out, "utf8").split("\n"));
      return namedDeath(record, { trace, record: traced, notes }, this.file);
    } catch (error) {
      if (!(error instanceof ProgramError) || error.kind === "ended" || error.kind === "hang") throw error;
      const death = namedDeath(record, null, this.file);
      return death && { ...death, notes: [`the step could not be traced: ${error.message}`.slice(0, 600)] };
    } finally {
      rmSync(out, { force: true });
    }
  }

  /** Runs a step by itself, once. */
  async ranOnce(step: ProgramStep): Promise<HostRecord | null> {
    return this.#withFiles(step, async (files) => (await this.run(files, 1)).records[0] ?? null);
  }

  /** Traces a step by itself, whose record is given, and names its death. */
  async namedStep(step: ProgramStep, record: HostRecord): Promise<ProgramDiagnosis | null> {
    return this.#withFiles(step, (files) => this.named(files, record));
  }

  /** Goes over a step by itself op by op; null where that cannot be done. */
  async tracedStep(step: ProgramStep): Promise<Trace | null> {
    const out = join(this.#folder, "trace.jsonl");
    try {
      await this.#withFiles(step, (files) => this.ask("trace", { ...files, out }));
      return parseTrace(readFileSync(out, "utf8").split("\n"));
    } catch (error) {
      if (!(error instanceof ProgramError) || error.kind === "ended" || error.kind === "hang") throw error;
      return null;
    } finally {
      rmSync(out, { force: true });
    }
  }

  async #withFiles<T>(step: ProgramStep, use: (files: StepFiles) => Promise<T>): Promise<T> {
    await this.standing(step.case);
    const files = this.written(step);
    try {
      return await use(files);
    } finally {
      this.drop(files);
    }
  }

  /** Names for the files of a step. */
  files(): StepFiles {
    this.#files += 1;
    const path = join(this.#folder, String(this.#files));
    return { state: `${path}.state.safetensors`, batch: `${path}.batch.safetensors` };
  }

  /** Takes the files of a step away. */
  drop({ state, batch }: StepFiles): void {
    rmSync(state, { force: true });
    rmSync(batch, { force: true });
  }

  /** Ends the process. */
  async end(): Promise<void> {
    await this.#process.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #close(): Promise<void> {
    this.#open = null;
    try {
      await this.ask("close");
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      // What a program does at the end of a case that is over is no concern of the next one.
      await this.#restart();
    }
  }

  async #restart(): Promise<void> {
    await this.#process.end();
    this.#open = null;
    this.#isUsed = false;
    this.#process = await HostProcess.start(this.#launch, this.#onPrint);
  }
}

function keyOf({ knobs, seed, steps, intervention = {} }: Opening): string {
  return JSON.stringify([knobs, seed, steps, intervention]);
}

function readFile(path: string): TensorFile {
  return readSafetensors(readFileSync(path));
}
