import type * as z from "zod";
import type { DataPlace, Diagnosis } from "./death.ts";
import type { Explaining } from "./explaining.ts";
import type { Remedies } from "./fix.ts";
import type { Generation } from "./generating.ts";
import type { StepShrinking } from "./pass.ts";
import type { RunShrinking } from "./runShrinking.ts";
import type { Answer, Session } from "./session.ts";
import type { StepInvariant, Violation } from "./stepInvariant.ts";
import type { StepRecord } from "./stepRecord.ts";
import type { Trials } from "./trial.ts";

/** The places of the files that a case names. */
export interface CaseFiles {
  /** Folder that relative paths start from. */
  folder: string;
  /** Contents of the binary file beside a fixture. */
  binary?: Uint8Array;
}

/** A step as a case of its own, with the binary file that holds its tensors if they are many. */
export interface StepCase<Case = unknown> {
  case: Case;
  binary?: Uint8Array;
}

/** The size of a case. */
export interface CaseSize {
  /** Of the batch that has most. */
  rows: number;
  /** Timesteps, padding included, of the longest batch. */
  time: number;
  layers: number;
  /** Of all layers together. */
  units: number;
  steps: number;
  /** Numbers written out: weights, the optimizer's state, inputs and targets. */
  numbers: number;
  /** Those of them that are not 0. */
  nonZero: number;
  /** Of these, those in the batch, where a program's layers and units are not known. */
  nonZeroInBatch?: number;
}

/** A tensor that a case keeps in the binary file beside its fixture. */
export interface StoredTensor {
  /** Its field in the case. */
  path: (string | number)[];
  byteOffset: number;
  bytes: number;
}

/** A program's words for its deaths. */
interface DeathWords<Case = unknown, D extends Diagnosis = Diagnosis> {
  /** Why a step died, in one sentence. */
  because(death: D): string;
  /** The place of its first non-finite value, in words. */
  where(death: D, testCase: Case): string;
}

/** The parts of a program's fixtures that not every fixture has. */
export interface FixtureParts {
  /** Fields of `expected`; `site` is one of them. */
  expected: z.ZodRawShape;
  /** Fields of `provenance`. */
  provenance: z.ZodRawShape;
  /** True where a fixture names a person's file that its case is a run of. */
  isOfFile: boolean;
  /** Names of every fix that can be tried on it. */
  fixNames: readonly string[];
  /** The end of the name of the file with its tensors. */
  binaryEnding: ".bin" | ".safetensors";
}

/** The result of running a step by itself. */
export type Examined<D extends Diagnosis = Diagnosis> =
  | {
      kind: "dies";
      death: D;
      /** True where a number of 0 met an infinite operand, which makes a NaN that the shrinker may have planted. */
      metZero: boolean;
    }
  | { kind: "lives" };

/** A host of a program's cases: an engine, or a process that has loaded a person's file. */
export interface Host<Case = unknown, Step = unknown, D extends Diagnosis = Diagnosis> {
  readonly name: string;
  /** Versions of what computes, for provenance. */
  readonly version: string;
  readonly program: Program<Case, Step, D>;
  /** Invariants that its runs are held to; `finite` alone where none are named. */
  readonly invariants?: readonly StepInvariant[];
  /** The person's file that it has loaded; none where the program is nanproof's own. */
  readonly file?: { readonly name: string; readonly sha256: string };
  /** Ends what it started. */
  close?(): Promise<void>;
}

/**
 * A program under test: what trains. Everything that the harness asks of one is here; it knows no model. The methods take
 * the host that is to compute, of which a program may have several.
 */
export interface Program<Case = unknown, Step = unknown, D extends Diagnosis = Diagnosis> {
  readonly name: string;
  /** Names of all hosts that there are, in the order in which they are listed. */
  readonly hostNames: readonly string[];
  readonly caseSchema: z.ZodType<Case>;
  readonly fixtureParts: FixtureParts;
  readonly shrinking: StepShrinking<Step, D>;
  readonly runShrinking: RunShrinking<Case, D>;
  readonly remedies: Remedies<Case>;
  readonly generation: Generation<Case>;
  readonly words: DeathWords<Case, D>;
  /** The explanations of a death beyond its name, if it has them. */
  readonly explaining?: Explaining<Step, D>;
  /** The trials of its remedies, if they can be tried. */
  readonly trials?: Trials<Case>;
  /**
   * Opens a run of a case from its start.
   * @throws UsageError when a file that it names cannot be read, or the host cannot run it.
   */
  open(host: Host<Case, Step, D>, testCase: Case, files: CaseFiles): Answer<Session<Step, D>>;
  /** Runs a step that was cut out of its run, and where it breaks an invariant of the host runs it again, slowly, to name its death. */
  examine(host: Host<Case, Step, D>, step: Step): Answer<Examined<D>>;
  /**
   * Runs a step, and says by its record alone whether it seems to die as another one did. Whoever asks then examines the last of all
   * steps that seemed so. Left out where {@link examine} costs little.
   */
  seemsToDie?(host: Host<Case, Step, D>, step: Step, as: D): Answer<boolean>;
  /** True where {@link seemsToDie} is worth it on a host, by the operations of its steps: counted, never timed. */
  isSlowToExamine?(host: Host<Case, Step, D>): boolean;
  /**
   * True where a signature that came out is the one expected, for a program whose operations another version of its framework may name
   * otherwise. Left out where it must be that very one.
   */
  isSameDeath?(signature: string, expected: string): boolean;
  /** The diagnosis of a fatal step from its record alone. */
  unexamined(step: Step, record: StepRecord): D;
  /** The diagnosis of a step that breaks an invariant and makes no non-finite value that lasts. */
  violation(violation: Violation): D;
  /** The place in its batch of the data that a step died of, if that can be found; null where it died of something else. */
  dataPlace?(death: D): DataPlace | null;
  /** The step as a case of its own, one step long, every number kept to the bit. */
  stepCase(step: Step): StepCase<Case>;
  stepSize(step: Step): CaseSize;
  /** Fields of a fixture's provenance on a step as it was captured, beside those that every program has. */
  captureMarks?(step: Step, host: Host<Case, Step, D>): Record<string, string | number>;
  /** The step with no more of its run than it needs itself. */
  alone(step: Step): Step;
  /** Rows and timesteps of the step's batch. */
  batchSize(step: Step): { rows: number; time: number };
  /** The death in one sentence; `host` shows how it grew, where the sentence says that. */
  stepSentence(step: Step, death: D, host: Host<Case, Step, D> | null): Answer<string>;
  /** The same of a whole run, whose fatal step that is. */
  runSentence(testCase: Case, step: Step, death: D, host: Host<Case, Step, D>): Answer<string>;
  /** @param binary The file beside a fixture, if it has one. */
  caseSize(testCase: Case, binary?: Uint8Array): CaseSize;
  /** The step that a case of one step is. */
  stepOfCase(testCase: Case, binary?: Uint8Array): Step;
  /** Files that a case names beside it, each with its field in the case. */
  namedFiles(testCase: Case): readonly { field: string; path: string }[];
  /** Tensors of a case that are kept in the binary file beside its fixture. */
  storedTensors(testCase: Case): readonly StoredTensor[];
  /** The cost of one step of a case on a host, in multiply-adds or the like: counted, and never timed. */
  stepWork(testCase: Case, host: Host<Case, Step, D>): number;
  /** The heat of a step, how near it is to overflow, as a power of ten in [-40, 40]: what a guided hunt goes by. */
  heat(record: StepRecord): number;
}
