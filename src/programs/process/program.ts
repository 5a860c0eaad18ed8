import { createHash } from "node:crypto";
import * as z from "zod";
import { list } from "../../documents/boundedList.ts";
import { UsageError } from "../../documents/errors.ts";
import { randomStream } from "../../numerics/random.ts";
import type { ProgramSite } from "../diagnosis/programSite.ts";
import type { Examined, FixtureParts, Host, Program } from "../program.ts";
import type { HostRecord } from "../protocol.ts";
import { DEFAULT_INVARIANTS, type StepInvariant, watchAll } from "../stepInvariant.ts";
import { type ProgramCase, programCaseSchema } from "./case.ts";
import { type ProgramDiagnosis, untraced, violationDeath } from "./diagnosis.ts";
import { ProgramError } from "./errors.ts";
import { explaining } from "./explaining/explaining.ts";
import { generationOf, heatOf } from "./generation.ts";
import type { Hosting } from "./hosting.ts";
import type { Knobs } from "./knobs.ts";
import { stepRecordOf } from "./record.ts";
import { judged, scopesOf } from "./remedies/interventions.ts";
import { type FixedHost, hostingOf, trials } from "./remedies/trial.ts";
import { runShrinkingOf, wayOf } from "./runShrinking.ts";
import { openRun, openStep } from "./session.ts";
import { batchSize, stepSize } from "./shrinking/order.ts";
import { stepShrinking } from "./shrinking/stepShrinking.ts";
import { batchSha256, type ProgramStep, stepBytes, stepOf } from "./step.ts";

/** A process that has loaded a person's file. */
export interface ProgramHost extends Host<ProgramCase, ProgramStep, ProgramDiagnosis>, FixedHost {}

/** The process that finds deaths, and one of its own that confirms them, as fixtures name them. */
export const HOST_NAMES = ["process", "fresh-process"] as const;

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable();
const text = z.string().max(300).nullable();

const site: z.ZodType<ProgramSite> = z.strictObject({
  phase: z.enum(["forward", "backward", "update"]),
  mechanism: z.string().regex(/^[a-z-]{1,60}$/) as unknown as z.ZodType<ProgramSite["mechanism"]>,
  operation: z.string().regex(/^[A-Za-z0-9._]{1,80}$/),
  file: text,
  line: count,
  lineOf: z.enum(["operation", "forward", "layer", "call"]).nullable(),
  execution: z.int().min(0),
  timestep: count,
  layer: text,
  tensor: text,
  index: list(z.int().min(0), { max: 32 }).nullable(),
});

const fixtureParts: FixtureParts = {
  expected: {
    site: site.nullable(),
    /** A sentence on the death and its place, and the numbers that say so. */
    because: z.string().max(600),
    /** Why the step is not the same whenever it is run. */
    flaky: z.string().max(600).optional(),
    /** Notes on what is not known. */
    notes: list(z.string().max(600), { max: 10 }).optional(),
  },
  provenance: {
    /** Of the batch of the fatal step, before it was made smaller: whether today's code still makes it. */
    batchSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    /** Threads that the framework had, where nanproof says how many: a sum that is split otherwise has other bits. */
    threads: z.int().min(1).max(65536).optional(),
  },
  isOfFile: true,
  fixNames: [],
  binaryEnding: ".safetensors",
};

/** A person's program, in whatever language: what is known of it without running it. */
export const personsProgram: Program<ProgramCase, ProgramStep, ProgramDiagnosis> = programWith({});

/** A person's program with these knobs. */
export function programWith(knobs: Knobs): Program<ProgramCase, ProgramStep, ProgramDiagnosis> {
  return {
    name: "program",
    hostNames: HOST_NAMES,
    caseSchema: programCaseSchema,
    fixtureParts,
    shrinking: stepShrinking,
    runShrinking: runShrinkingOf(knobs),
    explaining,
    remedies: {
      fixes: [],
      find: async (name) => {
        throw new UsageError(
          "NANPROOF_E_FIX",
          `${name}: there are no fixes for a program of your own`,
          "change the program, and run nanproof gate",
        );
      },
      scopesOf,
      changesWhatIsTrained: () => false,
      sibling: (testCase, seed) => ({ ...testCase, seed: siblingSeed(testCase.seed, seed) }),
      judged,
    },
    trials,
    generation: generationOf(knobs),
    words: {
      because: ({ because }) => because,
      where: ({ site }) => (site === null ? "no value that is not finite" : placeOf(site)),
    },
    open(host: ProgramHost, testCase, { binary }) {
      const { invariants } = host;
      const hosting = hostingOf(host, testCase);
      return testCase.cutOutAt === undefined
        ? openRun(hosting, testCase, invariants)
        : openStep(hosting, stepOf(testCase, binary));
    },
    examine: (host, step) => examine(host as ProgramHost, step),
    isSameDeath: (signature, expected) => wayOf(signature) === wayOf(expected),
    seemsToDie: (host, step, as) => seemsToDie(host as ProgramHost, step, as),
    isSlowToExamine: (host) => (host as ProgramHost).hosting.operations > SLOW_OPERATIONS,
    unexamined: (_, { finite }) => {
      const where = finite.loss
        ? finite.gradients
          ? finite.weights
            ? "slots"
            : "weights"
          : "gradients"
        : "loss";
      return untraced({ where, tensor: null });
    },
    violation: violationDeath,
    // The site names tensor and place of a number that was given.
    dataPlace: () => null,
    stepCase: (step) => ({ case: step.case, binary: stepBytes(step) }),
    stepSize,
    captureMarks: ({ batch }, host) => {
      const { language, order } = (host as ProgramHost).hosting;
      const threads = language === "python" ? { threads: order.threads } : {};
      return { batchSha256: batchSha256(batch), ...threads };
    },
    alone: (step) => step,
    batchSize: ({ batch }) => batchSize(batch),
    stepSentence: (_, { because }) => because,
    runSentence: ({ steps, seed }, _, { because }) =>
      `trained from its start with seed ${seed}, dead at step ${steps}: ${because}`.slice(0, 600),
    caseSize(testCase, binary) {
      if (testCase.cutOutAt !== undefined && binary !== undefined) return stepSize(stepOf(testCase, binary));
      return { rows: 0, time: 0, layers: 0, units: 0, steps: testCase.steps, numbers: 0, nonZero: 0 };
    },
    stepOfCase: (testCase, binary) => stepOf(testCase, binary),
    namedFiles: () => [],
    storedTensors: ({ cutOutAt }) =>
      cutOutAt === undefined ? [] : [{ path: ["cutOutAt"], byteOffset: 0, bytes: 8 }],
    stepWork: () => 1,
    heat: heatOf,
  };
}

/** Steps whose results are remembered: a search tries many of them again. */
const MOST_REMEMBERED = 20_000;

/** Steps of more operations are traced only where that is needed: each operation is looked at by itself. */
const SLOW_OPERATIONS = 1500;

/** True where a step dies with the same part of it not finite or, if it was traced, of the same signature. */
async function seemsToDie(
  { hosting }: ProgramHost,
  step: ProgramStep,
  as: ProgramDiagnosis,
): Promise<boolean> {
  const key = keyOf(step);
  const known = hosting.examined.get(key);
  if (known !== undefined) return known.kind === "dies" && known.death.signature === as.signature;
  const part = hosting.partOf.get(as);
  return part !== undefined && (await recordOf(hosting, step, key))?.dead?.where === part;
}

/** Runs a step by itself. One that the program refuses, as a batch of a shape that it cannot take, is not dead. */
async function examine(
  { hosting, invariants }: ProgramHost,
  step: ProgramStep,
): Promise<Examined<ProgramDiagnosis>> {
  const key = keyOf(step);
  const known = hosting.examined.get(key);
  if (known !== undefined) return known;
  const record = await recordOf(hosting, step, key);
  const found = record === null ? LIVES : await examineRecord(hosting, step, record, invariants);
  return remember(hosting.examined, key, found);
}

const LIVES = { kind: "lives" } as const;

async function examineRecord(
  hosting: Hosting,
  step: ProgramStep,
  record: HostRecord,
  invariants: readonly StepInvariant[] = DEFAULT_INVARIANTS,
): Promise<Examined<ProgramDiagnosis>> {
  const named = record.dead === null ? null : await refusable(() => hosting.namedStep(step, record));
  if (named !== null && record.dead !== null) hosting.partOf.set(named, record.dead.where);
  const death = named ?? violated(watchAll(invariants)(stepRecordOf(record)));
  return death === null ? LIVES : { kind: "dies", death, metZero: false };
}

/** The record of one step of these bits, run once and then remembered; null where the program refuses it. */
async function recordOf(hosting: Hosting, step: ProgramStep, key: string): Promise<HostRecord | null> {
  const known = hosting.records.get(key);
  if (known !== undefined) return known;
  const record = await refusable(() => hosting.ranOnce(step));
  return remember(hosting.records, key, record);
}

function keyOf(step: ProgramStep): string {
  return createHash("sha256").update(stepBytes(step)).update(JSON.stringify(step.case)).digest("hex");
}

function remember<T>(memory: Map<string, T>, key: string, value: T): T {
  if (memory.size >= MOST_REMEMBERED) memory.clear();
  memory.set(key, value);
  return value;
}

/** Asks a program; null where the program refuses. */
async function refusable<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProgramError) return null;
    throw error;
  }
}

/** A seed beside another one. */
function siblingSeed(own: number, label: string): number {
  return 1 + randomStream(String(own), `sibling/${label}`).integer(2 ** 31 - 1);
}

function violated(violation: ReturnType<ReturnType<typeof watchAll>>): ProgramDiagnosis | null {
  return violation === null ? null : violationDeath(violation);
}

/** A site in words. */
function placeOf({
  operation,
  phase,
  file,
  line,
  lineOf,
  layer,
  timestep,
  execution,
  tensor,
  index,
}: ProgramSite): string {
  const parts = [`${operation} in the ${phase} phase`];
  const of = {
    operation: "at",
    forward: "the gradient of",
    layer: "of the layer made at",
    call: "in the step called at",
  };
  if (file !== null && line !== null) parts.push(`${of[lineOf ?? "operation"]} ${file}:${line}`);
  if (layer !== null) parts.push(`layer ${layer}`);
  if (timestep !== null) parts.push(`timestep ${timestep}`);
  else if (execution > 0) parts.push(`execution ${execution}`);
  if (tensor !== null) parts.push(index === null ? tensor : `${tensor}[${index.join(", ")}]`);
  return parts.join(", ");
}
