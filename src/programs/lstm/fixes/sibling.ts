import type { TrainingCase } from "../cases/schema.ts";

/** The same run from other seeds: of its initial weights, and of its synthetic data or the order of its text. */
export function sibling(testCase: TrainingCase, seed: string): TrainingCase {
  const { init, data } = testCase;
  return {
    ...testCase,
    init: init.kind === "glorot" ? { ...init, seed } : init,
    data: data.kind === "explicit" ? data : { ...data, seed },
  };
}
