import type { Explaining } from "../../explaining.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { stepKnobs } from "./knobs.ts";
import { stepNumbers } from "./numbers.ts";
import { story } from "./story.ts";

/** The means to explain a death of the LSTM. */
export const explaining: Explaining<CapturedStep, Diagnosis> = {
  story,
  numbers: stepNumbers,
  knobs: stepKnobs,
  batchOf: (testCase, step, files) => (step - 1) % openData(testCase as TrainingCase, files).batchesPerEpoch,
};
