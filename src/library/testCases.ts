import * as z from "zod";
import { UsageError } from "../documents/errors.ts";
import { fieldName } from "../documents/fieldName.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { storedTensors } from "../programs/lstm/cases/storedTensors.ts";
import { trainingCaseSchema } from "../programs/lstm/cases/trainingCase.ts";
import type { CaseFiles } from "../programs/program.ts";
import { bytes, checked, path } from "./check.ts";

const files = z.strictObject({ folder: path, binary: bytes.optional() });

/**
 * A case that is valid, wherever its numbers are.
 * @throws UsageError naming the field that is wrong.
 */
export function checkedShape(testCase: unknown, name = "testCase"): TrainingCase {
  return checked(trainingCaseSchema, testCase, name, {
    code: "NANPROOF_E_CASE",
    hint: "schemas/training-case.json describes a case; presets hold some, and applyOverrides changes one",
  });
}

/**
 * A case that is valid, and has all its numbers.
 * @param binary The file beside a fixture that holds its tensors, if it has one.
 * @throws UsageError naming the field that is wrong.
 */
export function checkedCase(testCase: unknown, name = "testCase", binary?: Uint8Array): TrainingCase {
  const valid = checkedShape(testCase, name);
  const available = binary?.byteLength ?? 0;
  for (const tensor of storedTensors(valid)) {
    const end = tensor.byteOffset + tensor.bytes;
    if (end <= available) continue;
    throw new UsageError(
      "NANPROOF_E_BINARY",
      `${fieldName([name, ...tensor.path])} is at bytes ${tensor.byteOffset} to ${end} of a binary file, ` +
        (binary === undefined ? "and none is given" : `which has ${available}`),
      "give the contents of the file beside the fixture as binary",
    );
  }
  return valid;
}

/** The folder of the files that a case names, and the file beside it, both checked. */
export function checkedFiles(value: unknown): CaseFiles {
  const { folder, binary } = checked(files, value, "files");
  return { folder, ...(binary && { binary }) };
}
