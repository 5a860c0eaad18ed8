import type { TraceGroup, TraceTensor } from "../../diagnosis/trace.ts";
import type { ParameterAddresses } from "./arenaLayout.ts";
import { panelFloats } from "./parameters.ts";
import { RESULTS } from "./planFields.ts";
import { normaliseTensors, withPaddedGradient } from "./traceLoss.ts";
import { pair, scalar, TraceReader, type TraceSource } from "./traceReader.ts";

/**
 * Traces one step through the step's own kernels, one timestep of one layer at a time where the
 * step takes a layer at a time, and yields what each leaves: the same bits, since no sum depends
 * on how the work is cut up. Every discarded step is computed, so that each has its own timestep.
 */
export function* traceStep(source: TraceSource): Generator<TraceGroup> {
  const reader = new TraceReader(source);
  yield* forwardGroups(source, reader);
  yield* normaliseGroups(source, reader);
  yield* backwardGroups(source, reader);
  yield* clipGroups(source, reader);
  yield* updateGroups(source, reader);
}

function layerIndices({ testCase }: TraceSource): number[] {
  return testCase.model.layers.map((_, l) => l);
}

function* forwardGroups(source: TraceSource, reader: TraceReader): Generator<TraceGroup> {
  const { arena, schedule, side, enter } = source;
  const { kernels, fixed } = arena;
  const layers = layerIndices(source);
  for (const l of layers) {
    enter();
    const weights = reader.parameters(fixed.parameters[l]?.weights[side] ?? 0, l);
    yield { phase: "forward", timestep: null, layer: l, tensors: pair("kernel", "bias", weights) };
  }
  enter();
  kernels.packBatch(fixed.plan);
  for (const l of layers) kernels.clearInitialState(fixed.plan, arena.layer(l));
  for (let t = 0; t < schedule.bound; t++)
    for (const l of layers) {
      enter();
      const layer = arena.layer(l);
      const at = arena.batch.layers[l];
      if (!at) continue;
      const { inputs, units } = reader.shape(l);
      kernels.inputProduct(fixed.plan, layer, schedule.offset[t] ?? 0, schedule.rows);
      kernels.recurrentProduct(fixed.plan, layer, t);
      const before = [
        reader.timestep("input", at.input, t, inputs),
        reader.gates("preActivation", at.gates, t, l),
      ];
      kernels.cellForward(fixed.plan, layer, t);
      const after = [
        reader.timestep("cell", at.cell, t, units),
        reader.timestep("hidden", at.hidden, t, units),
      ];
      yield { phase: "forward", timestep: t, layer: l, tensors: [...before, ...after] };
    }
}

function* normaliseGroups(source: TraceSource, reader: TraceReader): Generator<TraceGroup> {
  const { arena, batch, testCase, enter } = source;
  for (let t = 0; t < batch.time; t++) {
    enter();
    yield { phase: "normalise", timestep: t, layer: null, tensors: normaliseTensors(source, reader, t) };
  }
  enter();
  arena.kernels.score(arena.fixed.plan);
  const regulariser = arena.result(RESULTS.regulariser);
  const loss = scalar("loss", Math.fround(arena.result(RESULTS.cosineDistance) + regulariser));
  const tensors = testCase.loss.l2 > 0 ? [scalar("regulariser", regulariser), loss] : [loss];
  yield { phase: "normalise", timestep: null, layer: null, tensors };
}

function* backwardGroups(source: TraceSource, reader: TraceReader): Generator<TraceGroup> {
  const { arena, schedule, enter } = source;
  const { kernels, fixed } = arena;
  const downwards = layerIndices(source).reverse();
  enter();
  kernels.cosineGradient(fixed.plan);
  for (const l of downwards) {
    kernels.transposeKernel(fixed.plan, arena.layer(l), l > 0 ? 1 : 0);
    kernels.clearCarry(fixed.plan, arena.layer(l));
  }
  const top = downwards[0] ?? 0;
  for (let t = schedule.bound - 1; t >= 0; t--) {
    enter();
    const output = arena.batch.layers[top]?.hiddenGradient ?? 0;
    const inside = reader.timestep("outputGradient", output, t, reader.shape(top).units);
    const gradient = withPaddedGradient(source, reader, t, inside);
    yield { phase: "backward", timestep: t, layer: null, tensors: [gradient] };
    for (const l of downwards) {
      enter();
      kernels.backwardStep(fixed.plan, arena.layer(l), t);
      if (l > 0) kernels.inputGradient(fixed.plan, arena.layer(l), schedule.offset[t] ?? 0, schedule.rows);
      const at = arena.batch.layers[l];
      if (!at) continue;
      const { units } = reader.shape(l);
      const tensors = [
        reader.timestep("hiddenGradient", at.hiddenGradient, t, units),
        reader.timestep("cellGradient", at.cellActivated, t, units),
        reader.gates("preActivationGradient", at.gates, t, l),
      ];
      yield { phase: "backward", timestep: t, layer: l, tensors };
    }
  }
  for (const l of downwards) {
    enter();
    arena.setResult(RESULTS.layerSquares + 8 * l, kernels.weightGradient(fixed.plan, arena.layer(l)));
    const tensors = gradientPair(source, reader, l, "kernelGradient", "biasGradient");
    yield { phase: "backward", timestep: null, layer: l, tensors };
  }
}

function* clipGroups(source: TraceSource, reader: TraceReader): Generator<TraceGroup> {
  const { arena, testCase, enter } = source;
  const { kernels, fixed } = arena;
  enter();
  const norm = kernels.plainGlobalNorm(fixed.plan);
  kernels.clip(fixed.plan);
  if (testCase.optimizer.clip.kind === "globalNorm")
    yield { phase: "clip", timestep: null, layer: null, tensors: [scalar("gradientNorm", norm)] };
  for (const l of layerIndices(source)) {
    enter();
    const tensors = gradientPair(source, reader, l, "clippedKernelGradient", "clippedBiasGradient");
    yield { phase: "clip", timestep: null, layer: l, tensors };
  }
}

/** Writes the state after the step over the state before the last one, reads it, and restores what was there. */
function* updateGroups(source: TraceSource, reader: TraceReader): Generator<TraceGroup> {
  const { arena, testCase, next, enter } = source;
  enter();
  const places = arena.fixed.parameters.flatMap((parameters, l) =>
    arraysOf(parameters, testCase.optimizer.kind === "adam").map(({ pair: at }) =>
      arena.view(at[next], panelFloats(reader.shape(l))),
    ),
  );
  const kept = places.map((place) => place.slice());
  arena.kernels.update(arena.fixed.plan, 0);
  const groups = arena.fixed.parameters.map((parameters, l): TraceGroup => {
    const arrays = arraysOf(parameters, testCase.optimizer.kind === "adam");
    const tensors = arrays.flatMap(({ kernel, bias, pair: at }) =>
      pair(kernel, bias, reader.parameters(at[next], l)),
    );
    return { phase: "update", timestep: null, layer: l, tensors };
  });
  places.forEach((place, i) => {
    place.set(kept[i] ?? []);
  });
  yield* groups;
}

/** The arrays that the update writes, in the order of the trace. */
function arraysOf({ weights, firstMoment, secondMoment }: ParameterAddresses, hasMoments: boolean) {
  const updated = { kernel: "updatedKernel", bias: "updatedBias", pair: weights } as const;
  if (!hasMoments) return [updated];
  return [
    { kernel: "kernelFirstMoment", bias: "biasFirstMoment", pair: firstMoment },
    { kernel: "kernelSecondMoment", bias: "biasSecondMoment", pair: secondMoment },
    updated,
  ] as const;
}

function gradientPair(
  { arena }: TraceSource,
  reader: TraceReader,
  layer: number,
  kernel: TraceTensor["name"],
  bias: TraceTensor["name"],
): TraceTensor[] {
  return pair(kernel, bias, reader.parameters(arena.fixed.parameters[layer]?.gradient ?? 0, layer));
}
