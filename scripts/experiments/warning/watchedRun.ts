import { openData } from "../../../src/programs/lstm/cases/data.ts";
import type { TrainingCase } from "../../../src/programs/lstm/cases/schema.ts";
import { initialState, type TrainingState } from "../../../src/programs/lstm/cases/state.ts";
import type { Engine } from "../../../src/programs/lstm/engines/engine.ts";
import { ofLayers } from "../../../src/programs/lstm/engines/gauges.ts";
import { magnitudesOf } from "../../../src/programs/lstm/engines/magnitudes.ts";
import { train } from "../../../src/programs/lstm/engines/train.ts";
import type { CaseFiles } from "../../../src/programs/program.ts";
import { GAUGES, gauge } from "../../../src/programs/stepRecord.ts";

/** The quantities of a step that an alarm and its rivals look at. */
export interface Look {
  magnitudes: Record<string, number>;
  loss: number;
  gradientNorm: number;
  /** 2-norm of the update over that of the weights. */
  updateRatio: number;
  largestWeight: number;
}

/** A run, as far as it is looked at. */
export interface WatchedRun {
  /** Of a death all steps before the fatal one; of a healthy run the first tenth. */
  looks: Look[];
  /** Null where it lives ten times the steps looked at. */
  death: { step: number; mechanism: string } | null;
}

/** A run that lives ten times its steps is healthy, and looked at for its steps; one that dies is looked at until then. */
const TIMES = 10;

/** Runs a case to its death, or ten times as long as it says. */
export async function watchRun(
  engine: Engine,
  testCase: TrainingCase,
  files: CaseFiles,
): Promise<WatchedRun> {
  const { steps } = testCase;
  const long = { ...testCase, steps: TIMES * steps };
  const training = engine.start(long, initialState(long));
  const looks: Look[] = [];
  let before = training.state().weights;
  try {
    const trajectory = await train(engine, long, training, openData(long, files), {
      onStep: (record) => {
        const { weights } = training.state();
        looks.push({
          magnitudes: magnitudesOf(record, testCase.optimizer),
          loss: record.loss,
          gradientNorm: gauge(record, GAUGES.rawGradientNorm),
          updateRatio: distance(weights, before) / gauge(record, GAUGES.weightNorm),
          largestWeight: Math.max(...ofLayers(record, "maxWeight")),
        });
        before = weights;
      },
    });
    if (trajectory.status !== "failed") return { looks: looks.slice(0, steps), death: null };
    const { step, diagnosis } = trajectory.death;
    return { looks: looks.slice(0, step - 1), death: { step, mechanism: diagnosis?.mechanism ?? "unknown" } };
  } finally {
    training.dispose();
  }
}

function distance(a: TrainingState["weights"], b: TrainingState["weights"]): number {
  let sum = 0;
  a.forEach(({ kernel, bias }, l) => {
    const other = b[l];
    if (other === undefined) return;
    for (const [x, y] of [[kernel, other.kernel] as const, [bias, other.bias] as const])
      for (let i = 0; i < x.length; i++) sum += ((x[i] as number) - (y[i] as number)) ** 2;
  });
  return Math.sqrt(sum);
}
