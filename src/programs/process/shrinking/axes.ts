import { ELEMENT_BYTES, type StoredTensor, sizeOf } from "../../../documents/safetensors.ts";
import type { Candidates, DyingStep, Pass } from "../../pass.ts";
import type { ProgramDiagnosis } from "../diagnosis.ts";
import type { ProgramStep } from "../step.ts";
import { isFloat, numbersOf } from "./numbers.ts";

/** An axis that parts of a batch share: of each of them its number. */
type SharedAxis = ReadonlyMap<string, readonly number[]>;

type AxisPass = Pass<ProgramStep, ProgramDiagnosis>;

/** Parts of an axis that are dropped at once, before single entries are. */
const PARTS = 8;

/** Drops parts of any axis that parts of the batch share, rows, timesteps and the like: halves, quarters, eighths. */
export const axes: AxisPass = {
  name: "rows and timesteps",
  candidates: (from) => dropped(from, (count) => Math.ceil(count / PARTS)),
};

/** The same from halves down to single entries. Late among the passes: it takes a step for every entry, and a step of few numbers is as good a one. */
export const entries: AxisPass = {
  name: "single rows and timesteps",
  isLast: true,
  candidates: (from) => dropped(from, () => 1),
};

/** @param leastOf The fewest entries of so many that are dropped at once. */
function* dropped(
  { step: start }: DyingStep<ProgramStep, ProgramDiagnosis>,
  leastOf: (count: number) => number,
): Candidates<ProgramStep, ProgramDiagnosis> {
  let step = start;
  const tried = new Set<string>();
  for (;;) {
    const axis = sharedAxes(step).find((shared) => !tried.has(keyOf(shared)));
    if (axis === undefined) return;
    tried.add(keyOf(axis));
    const count = () => lengthOf(step, axis);
    const least = leastOf(count());
    for (let size = Math.ceil(count() / 2); size >= least; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let from = 0; from < count(); ) {
        const taken = Math.min(size, count() - from);
        if (taken === count()) break;
        let accepted = null;
        for (const candidate of without(step, axis, from, taken)) {
          accepted = yield candidate;
          if (accepted !== null) break;
        }
        if (accepted === null) from += size;
        else step = accepted.step;
      }
  }
}

function lengthOf({ batch }: ProgramStep, axis: SharedAxis): number {
  for (const [name, [number = 0]] of axis) return batch.tensors.get(name)?.shape[number] ?? 0;
  return 0;
}

/** The length of the axis at a place that is of one length in every part of the batch that has it; null where there is none. */
export function sharedLength(step: ProgramStep, place: number): number | null {
  const axis = axisAt(step, place);
  return axis === undefined ? null : lengthOf(step, axis);
}

/**
 * The step with so many entries of that axis, the first ones. Whole numbers that go up to the old length are lengths: they go up to the
 * new one.
 */
export function shortenedTo(step: ProgramStep, place: number, size: number): ProgramStep | null {
  const axis = axisAt(step, place);
  if (axis === undefined) return null;
  const count = lengthOf(step, axis);
  if (size < 1 || size > count) return null;
  if (size === count) return step;
  const [plain, capped] = [...without(step, axis, size, count - size)];
  return (countsTo(step, count) ? capped : undefined) ?? plain ?? null;
}

function axisAt({ batch: { tensors } }: ProgramStep, place: number): SharedAxis | undefined {
  const having = [...tensors].filter(([, { shape }]) => (shape[place] ?? 0) > 1);
  const axis = new Map(having.map(([name]) => [name, [place]]));
  return isOfOneLength(tensors, axis) ? axis : undefined;
}

/** True where a tensor of whole numbers has its largest at a count. */
function countsTo({ batch }: ProgramStep, count: number): boolean {
  return [...batch.tensors.values()].some((tensor) => {
    if (isFloat(tensor.dtype) || tensor.dtype === "BOOL") return false;
    const numbers = numbersOf(tensor);
    let most = 0;
    for (let i = 0; i < numbers.length; i++) most = Math.max(most, numbers.at(i));
    return most === count;
  });
}

/** Axes of one length at one place first, as rows are; then all of one length, as those of a mask are; then each by itself. */
function sharedAxes({ batch }: ProgramStep): SharedAxis[] {
  const all = [...batch.tensors].flatMap(([name, { shape }]) =>
    shape.map((length, number) => ({ name, number, length })).filter(({ length }) => length > 1),
  );
  const grouped = (nameOf: (entry: (typeof all)[number]) => string) => {
    const groups = new Map<string, Map<string, number[]>>();
    for (const entry of all) {
      const group = groups.get(nameOf(entry)) ?? new Map<string, number[]>();
      groups.set(nameOf(entry), group.set(entry.name, [...(group.get(entry.name) ?? []), entry.number]));
    }
    return [...groups.values()];
  };
  return [
    ...grouped(({ number }) => `place ${number}`).filter((axis) => isOfOneLength(batch.tensors, axis)),
    ...grouped(({ number, length }) => `place ${number} of ${length}`),
    ...grouped(({ length }) => `length ${length}`),
    ...grouped(({ name, number }) => `axis ${number} of ${name}`),
  ];
}

function keyOf(axis: SharedAxis): string {
  return JSON.stringify([...axis]);
}

function isOfOneLength(tensors: ReadonlyMap<string, StoredTensor>, axis: SharedAxis): boolean {
  const lengths = [...axis].flatMap(([name, numbers]) => numbers.map((n) => tensors.get(name)?.shape[n]));
  return new Set(lengths).size === 1;
}

/** The step without some entries of an axis: as it is, and with whole numbers that counted up to the old length cut down to the new one. */
function* without(step: ProgramStep, axis: SharedAxis, from: number, size: number): Generator<ProgramStep> {
  const old = lengthOf(step, axis);
  const tensors = new Map(step.batch.tensors);
  for (const [name, numbers] of axis) {
    let tensor = tensors.get(name);
    for (const number of numbers) tensor = tensor && shorter(tensor, number, from, size);
    if (tensor !== undefined) tensors.set(name, tensor);
  }
  yield { ...step, batch: { ...step.batch, tensors } };
  const capped = new Map([...tensors].map(([name, tensor]) => [name, cappedAt(tensor, old, old - size)]));
  if ([...capped].some(([name, tensor]) => tensor !== tensors.get(name)))
    yield { ...step, batch: { ...step.batch, tensors: capped } };
}

function shorter(tensor: StoredTensor, axis: number, from: number, size: number): StoredTensor {
  const { shape, dtype, bytes } = tensor;
  const length = shape[axis] ?? 0;
  const inner = sizeOf(shape.slice(axis + 1)) * ELEMENT_BYTES[dtype];
  const outer = sizeOf(shape.slice(0, axis));
  const kept = new Uint8Array(outer * (length - size) * inner);
  for (let block = 0; block < outer; block++) {
    const at = block * length * inner;
    const to = block * (length - size) * inner;
    kept.set(bytes.subarray(at, at + from * inner), to);
    kept.set(bytes.subarray(at + (from + size) * inner, at + length * inner), to + from * inner);
  }
  return { dtype, shape: shape.with(axis, length - size), bytes: kept };
}

function cappedAt(tensor: StoredTensor, old: number, limit: number): StoredTensor {
  if (isFloat(tensor.dtype) || tensor.dtype === "BOOL") return tensor;
  const numbers = numbersOf(tensor);
  const changes = new Map<number, number>();
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers.at(i);
    if (value > old || value < 0) return tensor;
    if (value > limit) changes.set(i, limit);
  }
  return changes.size === 0 ? tensor : numbers.with(changes);
}
