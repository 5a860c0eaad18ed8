import { fileURLToPath } from "node:url";
import { packageFile } from "../../../package.ts";
import type { Engine } from "../engines/engine.ts";
import { type Comparison, compareRecording } from "./compare.ts";
import { readRecording } from "./recording.ts";

/** The smallest recording: rows of one timestep. It comes with the package. */
const RECORDING = packageFile("fixtures/recordings/single-step.json");

/** Compares an engine with TensorFlow 1 on the smallest recording. */
export function selfCheck(engine: Engine): Comparison {
  return compareRecording(readRecording(fileURLToPath(RECORDING)), engine);
}
