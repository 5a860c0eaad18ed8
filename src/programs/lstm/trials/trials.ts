import type { Trials } from "../../trial.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Engine } from "../engines/engine.ts";
import { codeOf } from "./code.ts";
import { trial } from "./trial.ts";

/** The means to try remedies of the LSTM. */
export const trials: Trials<TrainingCase> = {
  more: [
    {
      name: "skip-non-finite",
      acts: "as-changed",
      description: "updates left out whose loss or gradient is not finite",
      apply: (testCase) => ({ ...testCase, optimizer: { ...testCase.optimizer, skipNonFinite: true } }),
    },
  ],
  run: (engine, cases, files, signal) => trial(engine as Engine, cases, files, signal),
  code: (fix) => codeOf(fix),
};
