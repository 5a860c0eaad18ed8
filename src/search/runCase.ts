import type { CapturedStep } from "../cases/capturedStep.ts";
import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { parameterCount } from "../cases/shapes.ts";
import { initialState } from "../cases/state.ts";
import type { Diagnosis } from "../training/diagnosis.ts";
import type { Engine } from "../training/engine.ts";
import { train } from "../training/run.ts";
import { heatOf } from "./heat.ts";

/** A case is stopped after `step` unless its heat has reached `heat` by then. */
export interface Rung {
  /** Counts from 1. */
  step: number;
  heat: number;
}

/**
 * The most work of one case, in steps x rows x timesteps x parameters: minutes on the explorer. It is
 * counted, not timed, so that the same cases are overdue on every machine.
 */
const DEADLINE = 1e12;

/** How a case ran. */
export type CaseRun = {
  steps: number;
  /** Steps x rows x timesteps x parameters. */
  work: number;
  /** The largest heat up to each of the rungs' steps that was run. */
  heats: number[];
  /** The largest heat of all. */
  heat: number;
} & (
  | { status: "lived" }
  /** It did not reach a rung. */
  | { status: "stopped" }
  /** It ran into its deadline. */
  | { status: "overdue" }
  | { status: "died"; step: number; diagnosis: Diagnosis | null; captured: CapturedStep; description: string }
);

/**
 * Runs a generated case until it is done, dies, or misses a rung.
 * @param rungs In ascending order of their steps.
 * @param beat Called after every step.
 */
export async function runCase(
  engine: Engine,
  testCase: TrainingCase,
  { rungs, beat }: { rungs: readonly Rung[]; beat: () => void },
): Promise<CaseRun> {
  const data = openData(testCase, { folder: "." });
  const training = engine.start(testCase, initialState(testCase));
  const parameters = parameterCount(testCase.model);
  const stop = new AbortController();
  const heats: number[] = [];
  let work = 0;
  let heat = Number.NEGATIVE_INFINITY;
  let why: "stopped" | "overdue" = "stopped";
  try {
    const trajectory = await train(engine, testCase, training, data, {
      signal: stop.signal,
      onStep: (record) => {
        beat();
        const { rows, time } = data.batch(record.step - 1);
        work += rows * time * parameters;
        heat = Math.max(heat, heatOf(record));
        const rung = rungs[heats.length];
        if (rung?.step === record.step) {
          heats.push(heat);
          if (heat < rung.heat) stop.abort();
        }
        if (work < DEADLINE || stop.signal.aborted) return;
        why = "overdue";
        stop.abort();
      },
    });
    const ran = { steps: trajectory.steps, work, heats, heat };
    if (trajectory.status === "completed") return { ...ran, status: "lived" };
    if (trajectory.status === "interrupted") return { ...ran, status: why };
    const { step, diagnosis } = trajectory.death;
    const captured = { case: testCase, state: training.previousState(), batch: data.batch(step - 1) };
    return { ...ran, status: "died", step, diagnosis, captured, description: data.description };
  } finally {
    training.dispose();
  }
}
