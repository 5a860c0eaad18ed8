import type { Trajectory } from "../../trajectory.ts";
import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState } from "../cases/state.ts";
import { DEFAULT_ENGINE, type Engine, type EngineName } from "./engine.ts";
import { openEngine } from "./open.ts";
import { type RunHooks, train } from "./train.ts";

/** Options of {@link run}. */
export interface RunOptions extends RunHooks {
  /** The explorer by default; an engine that is open already serves many runs. */
  engine?: EngineName | Engine;
  /** The folder in which the text of a case is looked for; the working directory by default. */
  folder?: string;
}

/**
 * Runs a case from its start to its end or its death.
 * @throws UsageError when the case's text cannot be read, UnsupportedCaseError when the engine cannot run it.
 */
export async function run(testCase: TrainingCase, options: RunOptions = {}): Promise<Trajectory> {
  const { engine: named = DEFAULT_ENGINE, folder = ".", ...hooks } = options;
  const engine = typeof named === "string" ? await openEngine(named) : named;
  const data = openData(testCase, { folder });
  const training = engine.start(testCase, initialState(testCase));
  try {
    return await train(engine, testCase, training, data, hooks);
  } finally {
    training.dispose();
  }
}
