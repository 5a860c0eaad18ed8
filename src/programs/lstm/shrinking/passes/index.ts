import type { Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { digits } from "./digits.ts";
import { inputs } from "./inputs.ts";
import { lowerLayers } from "./lowerLayers.ts";
import { merge } from "./merge.ts";
import { moments } from "./moments.ts";
import { quiet } from "./quiet.ts";
import { rows } from "./rows.ts";
import { timesteps } from "./timesteps.ts";
import { units } from "./units.ts";
import { upperLayers } from "./upperLayers.ts";
import { zeros } from "./zeros.ts";

/** Every pass, in the order in which they are tried, again and again until none makes the step any simpler. */
export const PASSES: readonly Pass<CapturedStep, Diagnosis>[] = [
  rows,
  upperLayers,
  lowerLayers,
  quiet,
  merge,
  units,
  moments,
  zeros,
  inputs,
  digits,
  timesteps,
];
