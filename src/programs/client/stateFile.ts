import { UsageError } from "../../documents/errors.ts";
import type { TensorFile } from "../../documents/safetensors.ts";
import { numbersOf } from "./tfjs/numbers.ts";
import { type Part, partBytes, type Role, type Snapshot } from "./tfjs/parts.ts";

/** A state as tensors by name. */
export function stateFile(snapshot: Snapshot): TensorFile {
  const tensors = [...snapshot.values()].map(
    (part) => [part.name, { dtype: part.dtype, shape: part.shape, bytes: partBytes(part) }] as const,
  );
  return { tensors: new Map(tensors), metadata: {} };
}

/**
 * A state from a file.
 * @throws UsageError when a name has no role in front, or numbers are of a kind that JavaScript has not.
 */
export function stateFrom({ tensors }: TensorFile): Snapshot {
  return new Map(
    [...tensors].map(([name, { dtype, shape, bytes }]) => {
      const role = name.slice(0, name.indexOf("/"));
      const value = numbersOf(dtype, bytes);
      if (!isRole(role) || value === null)
        throw new UsageError(
          "NANPROOF_E_STATE_DOES_NOT_FIT",
          `the state has ${name} (${dtype}), which no JavaScript program has`,
          "Take the program that the state was saved from.",
        );
      const part: Part = { name, role, dtype, shape, value };
      return [name, part];
    }),
  );
}

function isRole(role: string): role is Role {
  return ["weight", "slot", "counter", "buffer", "random"].includes(role);
}
