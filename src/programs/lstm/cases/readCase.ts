import { UsageError } from "../../../documents/errors.ts";
import { fieldName } from "../../../documents/fieldName.ts";
import { shellWord } from "../../../documents/printable.ts";
import { readJson } from "../../../documents/readJson.ts";
import type { TrainingCase } from "./schema.ts";
import { storedTensors } from "./storedTensors.ts";
import { trainingCaseSchema } from "./trainingCase.ts";

/**
 * The case that a JSON file holds.
 * @throws UsageError when it holds none, or one whose numbers are kept in the binary file of a fixture.
 */
export function readCase(path: string): TrainingCase {
  const testCase = readJson(path, "training-case", trainingCaseSchema);
  const [stored] = storedTensors(testCase);
  if (stored === undefined) return testCase;
  throw new UsageError(
    "NANPROOF_E_INVALID",
    `${shellWord(path)}: ${fieldName(stored.path)} is kept in the binary file beside a fixture, and a case has none`,
    "write its numbers out, or replay the fixture",
  );
}
