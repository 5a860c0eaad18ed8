import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { subjectOf } from "./subject.ts";

/**
 * The case as a fix makes it: a known one by its name, or a module of a person's own.
 * @param given What `--fix` was given; the case stays as it is without it.
 * @throws UsageError when there is no such fix, or it makes no case of the case.
 */
export async function fixedCase(testCase: TrainingCase, given: string | undefined): Promise<TrainingCase> {
  if (given === undefined) return testCase;
  const fix = await subjectOf("fix", given);
  try {
    return await fix.apply(testCase);
  } finally {
    if ("close" in fix) await fix.close();
  }
}
