import { lstm } from "../../program.ts";
import type { Engine } from "../engine.ts";
import { type BackendName, loadBackend } from "./backend.ts";
import { TfjsTraining } from "./training.ts";

/** The reference engine on one tfjs backend: what users run, op by op. */
export async function tfjsEngine(backend: BackendName): Promise<Engine> {
  const version = await loadBackend(backend);
  return {
    name: `tfjs-${backend}`,
    program: lstm,
    version,
    start: (testCase, state) => new TfjsTraining(testCase, state, backend),
  };
}
