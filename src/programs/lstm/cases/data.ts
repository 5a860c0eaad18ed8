import type { CaseFiles } from "../../program.ts";
import { textData } from "../text/textData.ts";
import type { DataSource } from "./batch.ts";
import { explicitData } from "./explicitData.ts";
import type { TrainingCase } from "./schema.ts";
import { syntheticData } from "./syntheticData.ts";

/** The case with `auto` replaced by the choice that it made, so that the text is cut the same in every later run. */
export function asRead(testCase: TrainingCase, { text }: DataSource): TrainingCase {
  const { data } = testCase;
  if (data.kind !== "text" || data.split === undefined || text === undefined) return testCase;
  return { ...testCase, data: { ...data, split: text.split } };
}

/**
 * Opens the batches of a case.
 * @throws UsageError when a text is missing, is not UTF-8, or has no usable sentence.
 */
export function openData(testCase: TrainingCase, files: CaseFiles): DataSource {
  const { data, model } = testCase;
  switch (data.kind) {
    case "synthetic":
      return syntheticData(data, model);
    case "explicit":
      return explicitData(data, model, files.binary);
    case "text":
      return textData(data, model, files.folder);
  }
}
