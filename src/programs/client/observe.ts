import type { Steps } from "./coroutine.ts";
import { closeGauges, type Gauges, openGauges } from "./gauges.ts";
import type { SeenGradient } from "./tfjs/gradients.ts";
import { isFiniteTensor } from "./tfjs/look.ts";
import { slotFields } from "./tfjs/optimizerFields.ts";
import { partName } from "./tfjs/variables.ts";
import type { Training } from "./training.ts";

/** The part of a step that has a number that is not finite, and its tensor. */
export interface DeadAt {
  where: "loss" | "gradients" | "weights" | "slots";
  tensor: string | null;
}

/** One step, as it was seen. */
export interface Observed {
  /** The result of the person's step. */
  result: unknown;
  loss: number;
  dead: DeadAt | null;
  gradients: SeenGradient[];
  /** Numbers that the step itself reported. */
  gauges: Gauges;
}

/** Runs one step and looks at all of it. */
export function* observe(training: Training, batch: readonly unknown[]): Steps<Observed> {
  const gauges = openGauges();
  training.gradients.begin();
  let gradients: SeenGradient[] = [];
  let result: unknown;
  try {
    result = yield nanproofStep(() => training.run(batch));
  } finally {
    gradients = training.gradients.end();
    closeGauges(gauges);
  }
  const loss = training.lossOf(result);
  return { result, loss, dead: deadAt(training, loss, gradients), gradients, gauges };
}

/** The name by which a stack shows where the person's step begins. */
function nanproofStep<T>(run: () => T): T {
  return run();
}

function deadAt(training: Training, loss: number, gradients: SeenGradient[]): DeadAt | null {
  if (!Number.isFinite(loss)) return { where: "loss", tensor: null };
  const gradient = gradients.find(({ sumOfSquares }) => !Number.isFinite(sumOfSquares));
  if (gradient !== undefined) return { where: "gradients", tensor: gradient.name };
  const weight = training.variables.find(({ variable }) => !isFiniteTensor(variable));
  if (weight !== undefined) return { where: "weights", tensor: partName(weight) };
  for (const { slot, entries } of slotFields(training.optimizer))
    for (const entry of entries)
      if (entry !== undefined && !isFiniteTensor(entry.variable))
        return { where: "slots", tensor: training.slotName(entry.originalName, slot) };
  return null;
}
