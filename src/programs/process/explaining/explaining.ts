import type { Explaining } from "../../explaining.ts";
import type { ProgramCase } from "../case.ts";
import type { ProgramDiagnosis } from "../diagnosis.ts";
import type { FixedHost } from "../remedies/trial.ts";
import type { ProgramStep } from "../step.ts";
import { stepKnobs } from "./knobs.ts";
import { lives } from "./lives.ts";
import { stepNumbers } from "./numbers.ts";
import { runKnobs } from "./runKnobs.ts";
import { story } from "./story.ts";
import { untellable } from "./untellable.ts";

/** The explanations of a death of a person's program. */
export const explaining: Explaining<ProgramStep, ProgramDiagnosis> = {
  story: (host, step, death, signal) => story(host as FixedHost, step, death, signal),
  numbers: stepNumbers,
  knobs: stepKnobs,
  runKnobs: (host, testCase) => runKnobs(host as FixedHost, testCase as ProgramCase),
  lives: (host, step) => lives(host as FixedHost, step),
  batchOf: (_, step) => step - 1,
  untellable: (host, step, death) => untellable(host as FixedHost, step, death),
};
