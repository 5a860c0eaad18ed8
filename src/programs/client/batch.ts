import { UsageError } from "../../documents/errors.ts";
import { show } from "./knobChecks.ts";
import { engine, hold, isTensor } from "./tfjs/engine.ts";
import { arrayDtype, type Numbers } from "./tfjs/numbers.ts";
import type { Tensor } from "./tfjs/types.ts";

/** One leaf of a batch that a file can hold. */
export type Leaf =
  | { kind: "tensor"; path: string; value: Tensor }
  | { kind: "array"; path: string; value: Numbers }
  | { kind: "number"; path: string; value: number };

/** The leaves of a batch, by their paths through lists and records, and the paths of all that is kept as it is. */
export interface Leaves {
  leaves: Leaf[];
  kept: string[];
}

/**
 * Finds the leaves of a batch.
 * @throws UsageError when a part is a tensor that has been disposed of, or when there is something, but no tensor, array or number.
 */
export function leavesOf(batch: readonly unknown[]): Leaves {
  const found: Leaves = { leaves: [], kept: [] };
  for (const [i, part] of batch.entries()) visit(part, String(i), found);
  // Who trains on the same data in every step gives none.
  if (batch.length === 0 || found.leaves.length > 0) return found;
  throw new UsageError(
    "NANPROOF_E_BATCH",
    `step was called with ${batch.map(show).join(", ")}: no tensor, array or number`,
    "Give the batch to step as tensors, typed arrays or numbers, in lists or records.",
  );
}

function visit(value: unknown, path: string, found: Leaves): void {
  if (isTensor(value)) {
    if (value.isDisposed || engine().state.tensorInfo.get(value.dataId) === undefined)
      throw new UsageError(
        "NANPROOF_E_BATCH",
        `part ${path} of the batch is a tensor that has been disposed of`,
        "Dispose of a batch after the step that it is given to, or make it anew.",
      );
    if (value.dtype === "string" || value.dtype === "complex64") found.kept.push(path);
    else found.leaves.push({ kind: "tensor", path, value });
  } else if (typeof value === "number") found.leaves.push({ kind: "number", path, value });
  else if (arrayDtype(value) !== null) found.leaves.push({ kind: "array", path, value: value as Numbers });
  else if (Array.isArray(value)) for (const [i, part] of value.entries()) visit(part, `${path}/${i}`, found);
  else if (isRecord(value))
    for (const [key, part] of Object.entries(value)) visit(part, `${path}/${key}`, found);
  else found.kept.push(path);
}

/** The same nesting with other leaves: those that a function returns for them. */
export function withLeaves(
  batch: readonly unknown[],
  replace: (path: string, value: unknown) => unknown,
): unknown[] {
  const walk = (value: unknown, path: string): unknown => {
    if (isTensor(value) || typeof value === "number" || arrayDtype(value) !== null)
      return replace(path, value);
    if (Array.isArray(value)) return value.map((part, i) => walk(part, `${path}/${i}`));
    if (isRecord(value))
      return Object.fromEntries(
        Object.entries(value).map(([key, part]) => [key, walk(part, `${path}/${key}`)]),
      );
    return value;
  };
  return batch.map((part, i) => walk(part, String(i)));
}

/** A batch that stays what it is, whatever becomes of the person's tensors and arrays. To be released. */
export function holdBatch(batch: readonly unknown[]): unknown[] {
  return withLeaves(batch, (_, value) =>
    isTensor(value)
      ? value.dtype === "string"
        ? value
        : hold(value)
      : typeof value === "number"
        ? value
        : (value as Numbers).slice(),
  );
}

/** Lets go of the tensors of a held batch. */
export function releaseBatch(batch: readonly unknown[]): void {
  withLeaves(batch, (_, value) => {
    if (isTensor(value) && value.dtype !== "string") value.dispose();
    return value;
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
