import { isDeepStrictEqual } from "node:util";
import type { DataSource } from "../../cases/batch.ts";
import { openData } from "../../cases/data.ts";
import type { TrainingCase } from "../../cases/schema.ts";
import { initialState } from "../../cases/state.ts";
import type { Engine } from "../../training/engine.ts";
import { train } from "../../training/run.ts";
import { onBatch } from "../edits/batch.ts";
import type { DyingStep } from "../pass.ts";

/** A run that dies, its steps cut off after the fatal one. */
export interface DyingRun {
  case: TrainingCase;
  /** The fatal step, taken out of the run. */
  fatal: DyingStep;
}

/** Runs cases from their start. */
export class RunAttempts {
  readonly #engine: Engine;
  readonly #folder: string;
  #opened: { testCase: TrainingCase; data: DataSource } | null = null;

  /** @param folder Where the relative path of a text starts. */
  constructor(engine: Engine, folder: string) {
    this.#engine = engine;
    this.#folder = folder;
  }

  /**
   * Trains a case from its start.
   * @returns Null when it lives, is interrupted, or going over its last step does not show why it died.
   * @throws UsageError when its text cannot be read or the engine cannot run it.
   */
  async run(testCase: TrainingCase, signal?: AbortSignal): Promise<DyingRun | null> {
    const data = this.#data(testCase);
    const training = this.#engine.start(testCase, initialState(testCase));
    try {
      const trajectory = await train(this.#engine, testCase, training, data, signal && { signal });
      if (trajectory.status !== "failed" || trajectory.death.diagnosis === null) return null;
      const { step, diagnosis } = trajectory.death;
      const batch = data.batch(step - 1);
      const captured = onBatch({ case: testCase, state: training.previousState(), batch }, batch);
      return { case: { ...testCase, steps: step }, fatal: { step: captured, death: diagnosis } };
    } finally {
      training.dispose();
    }
  }

  /** The batches of the case; those of the last one, where they are the same: a text takes long to read. */
  #data(testCase: TrainingCase): DataSource {
    const known = this.#opened;
    const wants = ({ data, model }: TrainingCase) => [data, model.inputs, model.layers.at(-1)?.units];
    if (known && isDeepStrictEqual(wants(known.testCase), wants(testCase))) return known.data;
    const data = openData(testCase, { folder: this.#folder });
    this.#opened = { testCase, data };
    return data;
  }
}
