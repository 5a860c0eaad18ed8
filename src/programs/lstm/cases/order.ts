import { SIMPLICITY } from "./activations.ts";
import { compareNumbers, plainness, significantDigits } from "./plainness.ts";
import type { TrainingCase } from "./schema.ts";
import { batchSizes, nonZeroOf, unitsOf } from "./size.ts";
import { writtenNumbers } from "./writtenNumbers.ts";

/** A case and the numbers that it writes out, which a shrinker holds beside it and not in it. */
export interface Ordered {
  case: TrainingCase;
  /** In the order of {@link writtenNumbers}. */
  numbers: () => readonly Float32Array[];
}

/** A case as the order takes it. `binary` is the file beside a fixture, if it has one. */
export function orderedCase(testCase: TrainingCase, binary?: Uint8Array): Ordered {
  let numbers: Float32Array[] | undefined;
  return {
    case: testCase,
    numbers: () => {
      numbers ??= writtenNumbers(testCase, binary);
      return numbers;
    },
  };
}

/**
 * Orders two cases, the simpler first: below 0 for `a`, above 0 for `b`, 0 for the same case. One total order, in
 * which every shrinker must go down. The first of these that differs decides; less is simpler:
 *
 * 1. layers, units of all layers, rows, timesteps, steps, batches, inputs;
 * 2. numbers written out that are not 0; numbers written out;
 * 3. their plainness, summed (0, 1, -1, then by digits), then their magnitudes, summed;
 * 4. what is irregular in rows: shorter than the batch, padded before, holes, zero targets, lengths not passed;
 * 5. digits of the settings (learning rate, scales, ...), summed; then each: its distance from 1 in decades, its value;
 * 6. the layers' activations: tanh (the plain LSTM), relu, linear, sigmoid;
 * 7. sizes of a text: sentences, vocabulary;
 * 8. the written numbers one by one: plainness, magnitude, positive before negative;
 * 9. the case as JSON: shorter, then by code units.
 *
 * Each is computed only where all before it tie.
 */
export function compareCases(a: Ordered, b: Ordered): number {
  const inSizes = firstDifference(SIZES, a, b);
  if (inSizes !== 0) return inSizes;
  const [ours, theirs] = [a.numbers(), b.numbers()];
  // Candidates of a shrinker share the tensors that they leave alone: nothing to read where all are shared.
  const shared = ours.length === theirs.length && ours.every((tensor, i) => tensor === theirs[i]);
  const inNumbers = shared ? 0 : firstDifference(NUMBERS, ours, theirs);
  if (inNumbers !== 0) return inNumbers;
  return (
    firstDifference(REST, a, b) ||
    compareLists(settings(a), settings(b), compareSettings) ||
    compareLists(activationRanks(a), activationRanks(b), (x, y) => x - y) ||
    compareLists(textSizes(a), textSizes(b), (x, y) => x - y) ||
    (shared ? 0 : compareWritten(ours, theirs)) ||
    compareTexts(JSON.stringify(a.case), JSON.stringify(b.case))
  );
}

const most = (subject: Ordered, of: "rows" | "time") =>
  Math.max(...batchSizes(subject.case).map((size) => size[of]));

type Key<T> = (subject: T) => number;

const SIZES: readonly Key<Ordered>[] = [
  ({ case: { model } }) => model.layers.length,
  (subject) => unitsOf(subject.case),
  (subject) => most(subject, "rows"),
  (subject) => most(subject, "time"),
  ({ case: { steps } }) => steps,
  (subject) => batchSizes(subject.case).length,
  ({ case: { model } }) => model.inputs,
];

const NUMBERS: readonly Key<readonly Float32Array[]>[] = [
  nonZeroOf,
  (written) => written.reduce((sum, values) => sum + values.length, 0),
  (written) => total(written, plainness),
  (written) => total(written, (value) => (Number.isFinite(value) ? Math.abs(value) : 0)),
];

const REST: readonly Key<Ordered>[] = [
  (subject) => irregularity(subject.case),
  (subject) => settings(subject).reduce((sum, value) => sum + plainness(value), 0),
];

function firstDifference<T>(keys: readonly Key<T>[], a: T, b: T): number {
  for (const key of keys) {
    const difference = key(a) - key(b);
    if (difference !== 0) return difference;
  }
  return 0;
}

function total(written: readonly Float32Array[], of: (value: number) => number): number {
  let sum = 0;
  for (const values of written) for (let i = 0; i < values.length; i++) sum += of(values[i] as number);
  return sum;
}

function irregularity({ data }: TrainingCase): number {
  if (data.kind !== "synthetic") return 0;
  let count = data.masked ? 0 : 1;
  for (const { time, rows } of data.batches)
    for (const { length, padding, holes, zeroTargets } of rows)
      count +=
        Number(length !== time) +
        (time - length) +
        Number(padding === "before") +
        holes.length +
        zeroTargets.length;
  return count;
}

/** The numbers that a person sets, in a fixed order. */
function settings({ case: { model, init, data, loss, optimizer } }: Ordered): number[] {
  return [
    optimizer.learningRate,
    ...(init.kind === "glorot" ? [init.scale] : [init.step]),
    ...(data.kind === "synthetic" ? [data.inputScale] : []),
    ...(data.kind === "text" ? [data.validation] : []),
    ...(data.kind === "text" && data.embedding.kind === "random" ? [data.embedding.scale] : []),
    model.forgetBias,
    ...(model.cellClip === undefined ? [] : [model.cellClip]),
    ...(model.gradientClip === undefined ? [] : [model.gradientClip]),
    loss.l2,
    ...(loss.normalise.kind === "epsilon" ? [loss.normalise.epsilon] : []),
    ...(optimizer.clip.kind === "none" ? [] : [optimizer.clip.limit]),
    ...(optimizer.kind === "adam" ? [optimizer.beta1, optimizer.beta2, optimizer.epsilon] : []),
  ];
}

/** Orders two settings, the simpler first: fewer digits, then nearer to 1 in decades, then smaller. */
export function compareSettings(a: number, b: number): number {
  return significantDigits(a) - significantDigits(b) || decadesFromOne(a) - decadesFromOne(b) || a - b;
}

/** 0 for 1 to 9.99, and one for each decade above or below; 0 for 0. */
function decadesFromOne(value: number): number {
  return value === 0 ? 0 : Math.abs(Number(value.toExponential().split("e")[1]));
}

function activationRanks({ case: { model } }: Ordered): number[] {
  return model.layers.map(({ activation }) => SIMPLICITY[activation]);
}

function textSizes({ case: { data } }: Ordered): number[] {
  return data.kind === "text" ? [data.sentences, data.vocabulary] : [];
}

function compareWritten(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return compareLists(a, b, (x, y) => compareLists(x, y, compareNumbers));
}

function compareLists<T>(a: ArrayLike<T>, b: ArrayLike<T>, compare: (x: T, y: T) => number): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i++) {
    const difference = compare(a[i] as T, b[i] as T);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareTexts(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
