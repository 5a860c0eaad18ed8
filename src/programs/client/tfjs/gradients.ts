import { sumOfSquares } from "./look.ts";
import { makeTensor, view } from "./numbers.ts";
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
  /** From now on gradients are scaled down to a global 2-norm before the optimizer gets them. */
  clipTo(norm: number): void;
  /** The gradients seen since `begin`. Later ones pass unseen. */
  end(): SeenGradient[];
}

/**
 * Wraps an optimizer's `applyGradients`, through which `minimize` goes too.
 * @param nameOf Gives a variable's name in files, by its own name.
 * @param before Called with the variables' own names, in the order in which the optimizer gets their gradients.
 */
export function watchGradients(
  optimizer: Optimizer,
  nameOf: (own: string) => string,
  before: (order: readonly string[]) => void,
): Watcher {
  let seen: SeenGradient[] | null = null;
  let limit = Number.POSITIVE_INFINITY;
  const apply = optimizer.applyGradients;
  optimizer.applyGradients = function (this: Optimizer, gradients: unknown) {
    const clipped = clippedTo(limit, entriesOf(gradients));
    const named = clipped.gradients;
    before(named.map(([own]) => own));
    if (seen !== null)
      for (const [own, tensor] of named)
        if (tensor !== null && tensor !== undefined)
          seen.push({ name: nameOf(own), sumOfSquares: sumOfSquares(tensor), dataId: tensor.dataId });
    apply.call(this, clipped.made.length === 0 ? gradients : asGiven(gradients, named));
    for (const tensor of clipped.made) tensor.dispose();
  };
  return {
    clipTo: (norm) => {
      limit = norm;
    },
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

type Named = [string, Tensor | null | undefined];

/** Gradients scaled down to a global norm, which is a float32 as in every framework: where it overflows, nothing is left of them. */
function clippedTo(limit: number, gradients: Named[]): { gradients: Named[]; made: Tensor[] } {
  if (limit === Number.POSITIVE_INFINITY) return { gradients, made: [] };
  const squares = gradients.reduce((sum, [, tensor]) => sum + (tensor ? sumOfSquares(tensor) : 0), 0);
  const norm = Math.sqrt(Math.fround(squares));
  if (norm <= limit) return { gradients, made: [] };
  const scale = limit / norm;
  const made: Tensor[] = [];
  const scaled = gradients.map(([own, tensor]): Named => {
    if (tensor?.dtype !== "float32") return [own, tensor];
    const numbers = Float32Array.from(view(tensor), (value) => value * scale);
    made.push(makeTensor(numbers, [...tensor.shape], "F32"));
    return [own, made.at(-1)];
  });
  return { gradients: scaled, made };
}

/** Gradients in the form in which others came. */
function asGiven(like: unknown, named: Named[]): unknown {
  return Array.isArray(like) ? named.map(([name, tensor]) => ({ name, tensor })) : Object.fromEntries(named);
}

/** Gradients come as a list of names and tensors or as a record. */
function entriesOf(gradients: unknown): Named[] {
  if (Array.isArray(gradients))
    return gradients.map(({ name, tensor }: { name: string; tensor: Tensor }) => [name, tensor]);
  return Object.entries(gradients as Record<string, Tensor>);
}
