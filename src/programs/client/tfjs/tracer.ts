import { OPERATION_LIMIT, type Phase, type TraceOperation } from "../../trace/trace.ts";
import type { Frame } from "../stack.ts";
import { badOf } from "./bad.ts";
import { isTensor } from "./engine.ts";
import { type KernelListener, listenToKernels } from "./engineHooks.ts";
import { type LayerScope, openLayerScopes } from "./layerScopes.ts";
import { lineOf } from "./lines.ts";
import { type Place, Places } from "./places.ts";
import { countExecutions, type TracedOperation } from "./timesteps.ts";
import type { KernelCall, LayersModel, Tensor } from "./types.ts";
import type { Values } from "./values.ts";

/** The place where something runs, and its layer. */
interface At {
  place: Place;
  layer: LayerScope | null;
  /** The operation that ran there, once it has. */
  traced: TracedOperation | null;
}

/** The operations of a step that is traced. */
export interface Tracer {
  /** Ends the trace: every operation, with its number among those of its place. */
  stop(): { operations: TraceOperation[]; dropped: number };
}

/**
 * Writes down every kernel from now on.
 * @param call The line that `step` was called on.
 * @param axes Lengths of the axes of the batch.
 */
export function startTracer(
  model: LayersModel | null,
  values: Values,
  call: Frame | null,
  axes: ReadonlySet<number>,
): Tracer {
  const places = new Places();
  const layers = openLayerScopes(model);
  const traced: TracedOperation[] = [];
  let dropped = 0;
  let gradientOf: At | null = null;
  const listener: KernelListener<At> = {
    enter: () => ({ place: places.here(), layer: layers.current(), traced: null }),
    enterGradient(of) {
      gradientOf = of;
    },
    ran(kernel, outputs, at, phase) {
      const source = phase === "backward" ? (gradientOf ?? at) : at;
      const one = trace(kernel, outputs, at, source, phase, traced.length);
      at.traced = one;
      if (traced.length < OPERATION_LIMIT) traced.push(one);
      else dropped++;
    },
  };
  const stop = listenToKernels(listener);

  function trace(
    { kernelName, inputs, attrs }: KernelCall & { kernelName: string },
    outputs: Tensor[],
    at: At,
    source: At,
    phase: Phase,
    n: number,
  ): TracedOperation {
    const given = Object.values(inputs).flat().filter(isTensor);
    const line = lineOf(source.place, source.layer?.line ?? null, call);
    const ofForward = phase === "backward" && source !== at;
    const operation: TraceOperation = {
      n,
      phase,
      operation: kernelName.replace(/[^A-Za-z0-9._]/g, ""),
      ...line,
      lineOf: ofForward && line.lineOf === "operation" ? "forward" : line.lineOf,
      layer: source.layer?.name ?? null,
      execution: 0,
      of: 1,
      timestep: null,
      inputs: given.map((input) => values.describe(input)),
      outputs: outputs.map((output) => values.describe(output)),
      ...attributesOf(attrs),
      bad: badOf(kernelName, given, outputs),
    };
    const around = ofForward ? `${source.place.key} <- ${at.place.key}` : at.place.key;
    return {
      operation,
      key: `${phase} ${kernelName} ${around}`,
      path: `${kernelName} ${at.place.path}`,
      forward: ofForward ? source.traced : null,
    };
  }

  return {
    stop() {
      stop();
      layers.close();
      countExecutions(traced, axes);
      return { operations: traced.map(({ operation }) => operation), dropped };
    },
  };
}

function attributesOf(attrs: Record<string, unknown> | undefined): Pick<TraceOperation, "attributes"> {
  const small = Object.entries(attrs ?? {}).filter(
    ([, value]) => (JSON.stringify(value) ?? "").length.valueOf() <= 100,
  );
  const plain = small.filter(([, value]) => value !== undefined && typeof value !== "function");
  return plain.length === 0 ? {} : { attributes: Object.fromEntries(plain) };
}
