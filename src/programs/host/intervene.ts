import type { Observed } from "../client/observe.ts";
import { makeTensor } from "../client/tfjs/numbers.ts";
import { partNumbers, release, type Snapshot } from "../client/tfjs/parts.ts";
import { partName } from "../client/tfjs/variables.ts";
import type { Training } from "../client/training.ts";
import type { Intervention } from "../protocol.ts";

/** The result of a step that was intervened in. */
export interface Intervened {
  observed: Observed;
  /** True where the step was undone. */
  skipped: boolean;
}

/**
 * Does to a step that has been run what is to be done to it: its update is made smaller, or undone where it left a number that is not
 * finite. Clipping is done before, where the optimizer gets its gradients.
 * @param before The state that the step began with.
 */
export function intervene(
  training: Training,
  { learningRateFactor, skipNonFinite }: Intervention,
  before: Snapshot,
  observed: Observed,
): Intervened {
  if (skipNonFinite === true && observed.dead !== null) {
    undo(training, before);
    return { observed: { ...observed, dead: null, gradients: [] }, skipped: true };
  }
  if (learningRateFactor !== undefined) scaleUpdate(training, before, learningRateFactor);
  return { observed, skipped: false };
}

/** Puts all back as it was but what is drawn from: the next step draws anew. */
function undo({ state }: Training, before: Snapshot): void {
  const now = state.take();
  const random = [...now].filter(([, { role }]) => role === "random");
  const kept = [...before].filter(([, { role }]) => role !== "random");
  state.restore(new Map([...kept, ...random]));
  release(now.values());
}

/** Multiplies the change of each weight, as another learning rate would. */
function scaleUpdate({ variables }: Training, before: Snapshot, factor: number): void {
  for (const named of variables) {
    const part = before.get(partName(named));
    const { variable, trained } = named;
    if (!trained || part === undefined || variable.dtype !== "float32") continue;
    const old = partNumbers(part);
    const now = variable.dataSync() as ArrayLike<number>;
    const between = Float32Array.from(old, (value, i) => value + factor * ((now[i] as number) - value));
    const tensor = makeTensor(between, [...variable.shape], "F32");
    variable.assign(tensor);
    tensor.dispose();
  }
}
