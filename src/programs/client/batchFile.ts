import { UsageError } from "../../documents/errors.ts";
import type { StoredTensor, TensorFile } from "../../documents/safetensors.ts";
import { type Leaf, leavesOf, withLeaves } from "./batch.ts";
import {
  arrayDtype,
  bytesOf,
  copyNumbers,
  fileDtype,
  makeTensor,
  type Numbers,
  numbersOf,
} from "./tfjs/numbers.ts";

/** A batch as tensors by path. Metadata says what each was, and which parts are not in the file. */
export function batchFile(batch: readonly unknown[]): TensorFile {
  const { leaves, kept } = leavesOf(batch);
  const metadata: Record<string, string> = {};
  const tensors = new Map<string, StoredTensor>();
  for (const leaf of leaves) {
    metadata[leaf.path] = leaf.kind;
    tensors.set(leaf.path, stored(leaf));
  }
  if (kept.length > 0) metadata.kept = JSON.stringify(kept);
  return { tensors, metadata };
}

/**
 * A batch like one that the program gave, with the contents of a file. Other lengths are no misfit: a batch may have been
 * made smaller.
 * @throws UsageError when the paths or kinds are not those of the program's batch.
 */
export function batchFrom({ tensors, metadata }: TensorFile, like: readonly unknown[]): unknown[] {
  const { leaves } = leavesOf(like);
  const own = new Map(leaves.map((leaf) => [leaf.path, leaf]));
  for (const path of new Set([...own.keys(), ...tensors.keys()])) {
    const problem = misfit(own.get(path), tensors.get(path), metadata[path]);
    if (problem !== null)
      throw new UsageError(
        "NANPROOF_E_BATCH_DOES_NOT_FIT",
        `part ${path} of the batch does not fit this program: ${problem}`,
        "Take the program that the batch was saved from, with the same knobs.",
      );
  }
  return withLeaves(like, (path, value) => {
    const tensor = tensors.get(path);
    return tensor === undefined ? value : restored(tensor, metadata[path] ?? "tensor");
  });
}

function misfit(
  own: Leaf | undefined,
  stored: StoredTensor | undefined,
  kind: string | undefined,
): string | null {
  if (own === undefined) return "the program's batch has no such part";
  if (stored === undefined) return "the file has no such part";
  if (kind !== undefined && kind !== own.kind) return `${own.kind} in the program and ${kind} in the file`;
  const dtype = dtypeOf(own);
  if (dtype !== stored.dtype) return `${dtype} in the program and ${stored.dtype} in the file`;
  if (own.kind === "tensor" && own.value.shape.length !== stored.shape.length)
    return `[${own.value.shape}] in the program and [${stored.shape}] in the file`;
  return null;
}

/** The kind of number in a leaf, as files name it. */
export function dtypeOf(leaf: Leaf) {
  if (leaf.kind === "number") return "F64";
  return (leaf.kind === "tensor" ? fileDtype(leaf.value) : arrayDtype(leaf.value)) ?? "F32";
}

/** The lengths of a leaf's axes. */
export function shapeOf(leaf: Leaf): number[] {
  if (leaf.kind === "number") return [];
  return leaf.kind === "tensor" ? [...leaf.value.shape] : [leaf.value.length];
}

function stored(leaf: Leaf): StoredTensor {
  const numbers =
    leaf.kind === "number"
      ? Float64Array.of(leaf.value)
      : leaf.kind === "array"
        ? leaf.value
        : copyNumbers(leaf.value);
  return { dtype: dtypeOf(leaf), shape: shapeOf(leaf), bytes: bytesOf(numbers) };
}

function restored({ dtype, shape, bytes }: StoredTensor, kind: string): unknown {
  const numbers = numbersOf(dtype, bytes) as Numbers;
  if (kind === "number") return numbers[0];
  return kind === "array" ? numbers : makeTensor(numbers, shape, dtype);
}
