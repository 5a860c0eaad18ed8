import type { ProgramInvariant } from "./invariants.ts";
import type { LayersModel, Optimizer, Tensor, Variable } from "./tfjs/types.ts";

/** More to save and put back than variables and optimizer: tensors by name. */
export interface ExtraState {
  get(): Record<string, Tensor>;
  /** Gets tensors that live as long as the call. */
  set(tensors: Record<string, Tensor>): void;
}

/** Options of every form of `watch`. */
export interface WatchOptions {
  state?: ExtraState;
  /** Rules of your own for every step; breaking one is a death. */
  invariants?: ProgramInvariant[];
  /** The consequence of a death in a script of your own: it throws `TrainingDied`, or is only written down. */
  onDeath?: "throw" | "continue";
  /** The folder that a death is written to in a script of your own. `nanproof-findings` unless given. */
  findings?: string;
}

/** A training whose step is: the gradients of a loss, and the optimizer. */
export interface WatchedLoss<B extends unknown[]> extends WatchOptions {
  variables: Record<string, Variable>;
  optimizer: Optimizer;
  /** The loss of a batch, a scalar. */
  loss(...batch: B): Tensor;
}

/** A training with a step of the person's own. */
export interface WatchedStep<B extends unknown[], R> extends WatchOptions {
  variables: Record<string, Variable>;
  optimizer: Optimizer;
  /** The whole step. It gives the loss: a scalar, a number, or a promise of one. */
  step(...batch: B): R;
}

/** Wraps a training step. */
export interface Watch {
  /** A compiled model: the step is `trainOnBatch`. */
  (model: LayersModel, options?: WatchOptions): (x: unknown, y: unknown) => Promise<unknown>;
  /** Variables, an optimizer and a whole step of the person's own: the step gives what that gives. */
  <B extends unknown[], R>(training: WatchedStep<B, R>, options?: WatchOptions): (...batch: B) => R;
  /** Variables, an optimizer and a loss: the step takes its gradients, applies them, and gives the loss as a number. */
  <B extends unknown[]>(training: WatchedLoss<B>, options?: WatchOptions): (...batch: B) => number;
  /**
   * Reports a number, or the largest magnitude of a tensor, of the step that runs. A hunt may be guided by it and an
   * invariant may look at it. Outside a step it does nothing.
   */
  gauge(name: string, value: number | Tensor): void;
  /** Makes a callback for `model.fit`, which watches every step of the fit. */
  callback(model: LayersModel, options?: WatchOptions): Record<string, never>;
}
