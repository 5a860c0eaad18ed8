import { sumOfSquares } from "./look.ts";
import type { DataId, Optimizer, Tensor } from "./types.ts";

/** A gradient that the optimizer was given. */
export interface SeenGradient {
  /** The variable's name in files. */
  name: string;
  sumOfSquares: number;
  /** The key of its contents, for a trace. */
  dataId: DataId;
}

/** Sees the gradients that an optimizer is given. */
export interface Watcher {
  /** Runs a step; the gradients that were applied while it ran are those of `seen`. */
  begin(): void;
  /** What was seen since `begin`. Later gradients pass unseen. */
  end(): SeenGradient[];
}

/**
 * Wraps an optimizer's `applyGradients`, through which `minimize` goes too.
 * @param nameOf What files call a variable, by its own name.
 * @param before Called with the variables' own names, in the order in which the optimizer gets their gradients.
 */
export function watchGradients(
  optimizer: Optimizer,
  nameOf: (own: string) => string,
  before: (order: readonly string[]) => void,
): Watcher {
  let seen: SeenGradient[] | null = null;
  const apply = optimizer.applyGradients;
  optimizer.applyGradients = function (this: Optimizer, gradients: unknown) {
    const named = entriesOf(gradients);
    before(named.map(([own]) => own));
    if (seen !== null)
      for (const [own, tensor] of named)
        if (tensor !== null && tensor !== undefined)
          seen.push({ name: nameOf(own), sumOfSquares: sumOfSquares(tensor), dataId: tensor.dataId });
    apply.call(this, gradients);
  };
  return {
    begin: () => {
      seen = [];
    },
    end: () => {
      const all = seen ?? [];
      seen = null;
      return all;
    },
  };
}

/** Gradients come as a list of names and tensors or as a record. */
function entriesOf(gradients: unknown): [string, Tensor | null | undefined][] {
  if (Array.isArray(gradients))
    return gradients.map(({ name, tensor }: { name: string; tensor: Tensor }) => [name, tensor]);
  return Object.entries(gradients as Record<string, Tensor>);
}
