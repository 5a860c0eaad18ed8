import type { Frame } from "../stack.ts";
import { allLayers } from "./layers.ts";
import { canonicalNames } from "./names.ts";
import type { Layer, LayersModel, Variable } from "./types.ts";
import { lineOfVariable } from "./variableLines.ts";

/** Knows in which layer of a model something is computed, until it is closed. */
export interface LayerScopes {
  /** The layers from the outermost to the innermost, as `decoder/lstm`, and the line that one was made on. */
  current(): LayerScope | null;
  close(): void;
}

/** The layer that computes. */
export interface LayerScope {
  name: string;
  /** The line that made the innermost layer that is known. */
  line: Frame | null;
}

/** Wraps what computes each layer of a model. */
export function openLayerScopes(model: LayersModel | null): LayerScopes {
  const layers = model === null ? [] : allLayers(model);
  const names = canonicalNames(layers.map(({ name }) => name));
  const lines = layers.map(lineOfLayer);
  const open: LayerScope[] = [];
  const undo = layers.flatMap((layer, i) =>
    ["apply", "call"].map((method) =>
      wrap(layer, method, { name: names[i] as string, line: lines[i] ?? null }, open),
    ),
  );
  return {
    current: () => {
      if (open.length === 0) return null;
      const line = open.findLast(({ line }) => line !== null)?.line ?? null;
      return { name: open.map(({ name }) => name).join("/"), line };
    },
    close: () => {
      for (const restore of undo) restore();
    },
  };
}

function wrap(layer: Layer, method: string, scope: LayerScope, open: LayerScope[]): () => void {
  const methods = layer as unknown as Record<string, unknown>;
  const compute = methods[method];
  if (typeof compute !== "function") return () => undefined;
  const own = Object.getOwnPropertyDescriptor(layer, method);
  methods[method] = function (this: unknown, ...given: unknown[]) {
    // `apply` computes with `call`; a cell has `call` alone.
    if (open.at(-1) === scope) return compute.apply(this, given);
    open.push(scope);
    try {
      return compute.apply(this, given);
    } finally {
      open.pop();
    }
  };
  return () => {
    if (own) Object.defineProperty(layer, method, own);
    else delete methods[method];
  };
}

/** Weights are made where a layer is, or where it joins a model: the line of the first is the layer's. */
function lineOfLayer({ weights }: Layer): Frame | null {
  const [first] = weights ?? [];
  return first === undefined ? null : lineOfVariable(first.read() as Variable);
}
