import type { TrainingCase } from "../cases/schema.ts";
import { parameterCount } from "../cases/shapes.ts";
import { batchSizes } from "../cases/size.ts";
import type { EngineName } from "./engine.ts";

/**
 * Overhead of a step, and of each timestep of each layer in it, as the number of multiply-adds that the engine
 * does in that time. Round figures of one machine: they are constants, so that work is the same on all.
 */
const OVERHEAD: Readonly<Record<EngineName, { step: number; timestep: number }>> = {
  explorer: { step: 50_000, timestep: 2_000 },
  "tfjs-wasm": { step: 5_000_000, timestep: 3_000_000 },
  "tfjs-cpu": { step: 5_000_000, timestep: 3_000_000 },
  "tfjs-node": { step: 5_000_000, timestep: 3_000_000 },
};

/**
 * The work of one step of a case on an engine, in multiply-adds: those of a forward pass over its largest batch (rows x
 * timesteps x parameters), and its overhead. Counted and never timed, so that what depends on it is the same
 * on every machine.
 */
export function stepWork(testCase: TrainingCase, engine: EngineName): number {
  const { step, timestep } = OVERHEAD[engine];
  const parameters = parameterCount(testCase.model);
  const layers = testCase.model.layers.length;
  return Math.max(
    ...batchSizes(testCase).map(
      ({ rows, time }) => rows * time * parameters + step + timestep * time * layers,
    ),
  );
}
