import { openData } from "../cases/data.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { initialState } from "../cases/state.ts";
import type { Engine, EngineName, Training } from "./engine.ts";

/** A size to time a training step at. */
export interface BenchSize {
  units: number;
  batch: number;
  time: number;
}

/** Milliseconds of a training step on one engine at one size: median, and 10 % and 90 % marks. */
export interface BenchRow extends BenchSize {
  engine: EngineName;
  medianMs: number;
  p10Ms: number;
  p90Ms: number;
  /** The first step of the run, before anything is compiled or cached for it. */
  coldMs: number;
}

/** The sizes that the published figures are measured at. */
export const BENCH_SIZES: readonly BenchSize[] = [
  { units: 16, batch: 4, time: 8 },
  { units: 16, batch: 8, time: 30 },
  { units: 64, batch: 4, time: 8 },
  { units: 64, batch: 8, time: 30 },
  { units: 400, batch: 4, time: 8 },
  { units: 100, batch: 64, time: 30 },
];

/** Every engine is timed for this long before the next one has its turn. */
const TURN_MS = 100;
/** Turns of every engine at one size: this many at least, and until the time for the size is over. */
const MIN_TURNS = 5;

/**
 * Times a whole training step of the published program (three layers relu, relu, tanh; full rows)
 * at one size. The engines take turns, so that a machine that slows down slows all of them.
 */
export function benchSize(engines: readonly Engine[], size: BenchSize, seconds: number): BenchRow[] {
  const testCase = benchCase(size);
  const batch = openData(testCase, { folder: "." }).batch(0);
  const runs = engines.map((engine) => {
    const training = engine.start(testCase, initialState(testCase));
    return { engine, training, coldMs: timed(training, batch), warm: [] as number[] };
  });
  const end = performance.now() + 1000 * seconds;
  for (let turn = 0; turn < MIN_TURNS || performance.now() < end; turn++)
    for (const { training, warm } of runs) {
      const turnEnd = performance.now() + TURN_MS;
      do warm.push(timed(training, batch));
      while (performance.now() < turnEnd);
    }
  return runs.map(({ engine, training, coldMs, warm }) => {
    training.dispose();
    warm.sort((a, b) => a - b);
    const quantile = (q: number) => warm[Math.min(warm.length - 1, Math.floor(q * warm.length))] as number;
    return {
      engine: engine.name,
      ...size,
      medianMs: quantile(0.5),
      p10Ms: quantile(0.1),
      p90Ms: quantile(0.9),
      coldMs,
    };
  });
}

function timed(training: Training, batch: Parameters<Training["step"]>[0]): number {
  const start = performance.now();
  training.step(batch);
  return performance.now() - start;
}

/** One step of the published program at a size, on full rows. */
export function benchCase({ units, batch, time }: BenchSize): TrainingCase {
  const row = { length: time, padding: "after", holes: [], zeroTargets: [] } as const;
  return {
    schemaVersion: 1,
    model: {
      inputs: units,
      layers: [
        { units, activation: "relu" },
        { units, activation: "relu" },
        { units, activation: "tanh" },
      ],
      forgetBias: 1,
    },
    init: { kind: "glorot", seed: "1", scale: 1 },
    data: {
      kind: "synthetic",
      seed: "1",
      inputScale: 0.4,
      masked: true,
      batches: [
        { time, rows: Array.from({ length: batch }, () => ({ ...row, holes: [], zeroTargets: [] })) },
      ],
    },
    loss: { kind: "cosine", axis: "time", normalise: { kind: "tensorflow" }, padding: "counted", l2: 0 },
    optimizer: {
      kind: "adam",
      form: "tf1",
      // So small that thousands of steps on one batch stay in the ordinary range of numbers.
      learningRate: 1e-6,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      clip: { kind: "none" },
      skipNonFinite: false,
    },
    steps: 1,
  };
}
