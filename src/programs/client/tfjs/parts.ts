import type { Dtype } from "../../../documents/safetensors.ts";
import { hold, isTensor } from "./engine.ts";
import { arrayDtype, bytesOf, copyNumbers, fileDtype, makeTensor, type Numbers } from "./numbers.ts";
import type { Tensor } from "./types.ts";

/** The role of a part in a training's state. */
export type Role = "weight" | "slot" | "counter" | "buffer" | "random";

/** One tensor of a state, held: what is computed later does not change it. */
export interface Part {
  /** As in files: `weight/kernel`, `slot/kernel/m`, `counter/iterations`. */
  name: string;
  role: Role;
  dtype: Dtype;
  shape: number[];
  value: Tensor | Numbers;
}

/** A whole state, by name. */
export type Snapshot = ReadonlyMap<string, Part>;

/** Something that holds parts of the state: they are taken from it and put back into it. */
export interface StateSource {
  /** The parts as they are now, held. */
  take(): Part[];
  /** Puts the parts that are this source's back. The names and shapes have been checked. */
  restore(parts: Snapshot): void;
  /** True of a part that is not there now and can be put back nevertheless: a slot that the optimizer has yet to make. */
  accepts(part: Part): boolean;
}

/** A tensor as a part. */
export function tensorPart(name: string, role: Role, tensor: Tensor): Part {
  const dtype = fileDtype(tensor);
  if (dtype === null) throw new Error(`${name} is a ${tensor.dtype} tensor, which no file can hold`);
  return { name, role, dtype, shape: [...tensor.shape], value: hold(tensor) };
}

/** Numbers of JavaScript as a part. */
export function numbersPart(name: string, role: Role, numbers: Numbers): Part {
  return { name, role, dtype: arrayDtype(numbers) ?? "F64", shape: [numbers.length], value: numbers };
}

/** A counter of JavaScript as a part without axes. */
export function counterPart(name: string, count: number): Part {
  return { name, role: "counter", dtype: "F64", shape: [], value: Float64Array.of(count) };
}

/** A copy of a part's numbers. */
export function partNumbers({ value }: Part): Numbers {
  return isTensor(value) ? copyNumbers(value) : (value.slice() as Numbers);
}

/** The bytes of a part. */
export function partBytes(part: Part): Uint8Array {
  return bytesOf(partNumbers(part));
}

/** Hands a part's tensor to a function, and frees it where it was made for that. */
export function withTensor<T>(part: Part, use: (tensor: Tensor) => T): T {
  if (isTensor(part.value)) return use(part.value);
  const tensor = makeTensor(part.value, part.shape, part.dtype);
  try {
    return use(tensor);
  } finally {
    tensor.dispose();
  }
}

/** Lets go of everything that a state holds. */
export function release(parts: Iterable<Part>): void {
  for (const { value } of parts) if (isTensor(value)) value.dispose();
}
