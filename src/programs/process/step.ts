import { createHash } from "node:crypto";
import { UsageError } from "../../documents/errors.ts";
import { readSafetensors } from "../../documents/readSafetensors.ts";
import { SafetensorsError, type StoredTensor, type TensorFile } from "../../documents/safetensors.ts";
import { writeSafetensors } from "../../documents/writeSafetensors.ts";
import type { ProgramCase } from "./case.ts";

/** A step of a program, cut out of its run: the state before it, and its batch. */
export interface ProgramStep {
  case: ProgramCase & { cutOutAt: number };
  /** Tensors as `weight/NAME`, `slot/NAME`, `counter/NAME`, `buffer/NAME` and `random/NAME`. */
  state: TensorFile;
  /** Tensors by their path in the nesting of the batch. */
  batch: TensorFile;
}

/** Of a batch: whether two are the same to the bit. */
export function batchSha256(batch: TensorFile): string {
  return createHash("sha256").update(writeSafetensors(batch)).digest("hex");
}

const PARTS = ["state", "batch"] as const;

/** Both files of a step in one, each name with `state/` or `batch/` in front. */
export function stepBytes(step: Pick<ProgramStep, "state" | "batch">): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  const metadata: Record<string, string> = {};
  for (const part of PARTS) {
    for (const [name, tensor] of step[part].tensors) tensors.set(`${part}/${name}`, tensor);
    for (const [name, text] of Object.entries(step[part].metadata)) metadata[`${part}/${name}`] = text;
  }
  return writeSafetensors({ tensors, metadata });
}

/**
 * State and batch out of the one file beside a fixture.
 * @throws UsageError when it is no safetensors file, or holds a tensor of neither.
 */
export function stepOf(testCase: ProgramCase, binary: Uint8Array | undefined): ProgramStep {
  const parts = { state: empty(), batch: empty() };
  const { tensors, metadata } = read(binary ?? new Uint8Array());
  for (const [name, tensor] of tensors) partOf(parts, name).tensors.set(name.slice(6), tensor);
  for (const [name, text] of Object.entries(metadata)) partOf(parts, name).metadata[name.slice(6)] = text;
  return { case: { ...testCase, cutOutAt: testCase.cutOutAt ?? 1 }, ...parts };
}

function empty(): TensorFile {
  return { tensors: new Map(), metadata: {} };
}

function partOf(parts: Record<"state" | "batch", TensorFile>, name: string): TensorFile {
  if (name.startsWith("state/")) return parts.state;
  if (name.startsWith("batch/")) return parts.batch;
  throw broken(`the tensor ${JSON.stringify(name)} is of neither state nor batch`);
}

function read(binary: Uint8Array): TensorFile {
  try {
    return readSafetensors(binary);
  } catch (error) {
    if (error instanceof SafetensorsError) throw broken(error.message);
    throw error;
  }
}

function broken(what: string): UsageError {
  return new UsageError(
    "NANPROOF_E_BINARY",
    `the file with state and batch cannot be read: ${what}`,
    "restore the file that was written together with the fixture",
  );
}
