import type { DyingStep, Pass } from "../../../pass.ts";
import type { CapturedStep } from "../../cases/capturedStep.ts";
import { gateColumn, gateColumns } from "../../cases/gates.ts";
import { layerShapes } from "../../cases/shapes.ts";
import type { Diagnosis } from "../../diagnosis/diagnosis.ts";
import { cutTime, onBatch } from "../edits/batch.ts";
import { range } from "../edits/matrix.ts";
import { mergeUnits } from "../edits/mergeUnits.ts";
import { pickUnits } from "../edits/network.ts";

/** Units and pairs of a layer that are tried, those whose gradient grows most first. */
const TRIED = 4;
/** Pairs are looked for among so many units, those that the others lead into most. */
const AMONG = 64;
/** The square of a gradient overflows from 1e19 on, the gradient itself at 1e38: twice the timesteps. One of these numbers falls between. */
const FEWER = 2 / 3;
/** The bias of a relu's candidate: the slope of relu at 0 is 0. */
const TINY = 1e-30;

type Dying = DyingStep<CapturedStep, Diagnosis>;

/**
 * Sets inputs and biases to 0, with one unit, two or all of a layer, and with ever fewer timesteps: only of gradients that grow
 * until their square overflows in Adam's second moment. All states are 0 then, where the slope of an activation is steepest, so
 * that far fewer units and timesteps do; too many, and the gradient itself overflows. No pass by itself comes there. Safe: weights
 * stay, or are gathered as merge does.
 */
export const quiet: Pass<CapturedStep, Diagnosis> = {
  name: "quiet",
  *candidates(from) {
    if (from.death.mechanism !== "second-moment-overflow") return;
    let { step } = from;
    for (let layer = step.case.model.layers.length - 1; layer >= 0; layer--)
      step = yield* withQuiet(step, layer);
  },
};

function* withQuiet(step: CapturedStep, layer: number): Generator<CapturedStep, CapturedStep, Dying | null> {
  for (const fewer of withFewerUnits(step, layer)) {
    const still = silenced(fewer);
    for (let time = still.batch.time; time >= 1; time = Math.floor(time * FEWER)) {
      const accepted = yield cutTime(still, time);
      if (accepted) return accepted.step;
    }
  }
  return step;
}

function silenced({ state, batch, ...rest }: CapturedStep): CapturedStep {
  const { layers } = rest.case.model;
  const weights = state.weights.map(({ kernel, bias }, l) => {
    const quietBias = new Float32Array(bias.length);
    const { units = 0, activation } = layers[l] ?? {};
    const first = gateColumn("candidate", 0, units);
    return { kernel, bias: activation === "relu" ? quietBias.fill(TINY, first, first + units) : quietBias };
  });
  return onBatch(
    { ...rest, state: { ...state, weights }, batch },
    { ...batch, x: new Float32Array(batch.x.length) },
  );
}

/** The step with one unit of a layer, with two, with one that gathers what leads into it from all, and with all. */
function* withFewerUnits(step: CapturedStep, layer: number): Generator<CapturedStep> {
  const all = range(step.case.model.layers[layer]?.units ?? 0);
  const recurrence = recurrenceOf(step, layer);
  const into = (unit: number) => all.reduce((sum, from) => sum + Math.abs(recurrence(from, unit)), 0);
  if (all.length > 1)
    for (const unit of most(all, (u) => Math.abs(recurrence(u, u)))) yield pickUnits(step, layer, [unit]);
  if (all.length > 2) {
    const among = most(all, into, AMONG);
    const pairs = among.flatMap((first, at) => among.slice(at + 1).map((second) => [first, second] as const));
    for (const pair of most(pairs, (units) => growthOfPair(recurrence, units)))
      yield pickUnits(step, layer, pair);
    for (const kept of among.slice(0, TRIED)) yield gathered(step, layer, kept, recurrence);
  }
  yield step;
}

/** The first things by a growth, the largest first. */
function most<T>(things: readonly T[], growthOf: (thing: T) => number, count = TRIED): T[] {
  return things
    .map((thing) => ({ thing, growth: growthOf(thing) }))
    .sort((a, b) => b.growth - a.growth)
    .slice(0, count)
    .map(({ thing }) => thing);
}

function gathered(step: CapturedStep, layer: number, kept: number, recurrence: Recurrence): CapturedStep {
  const others = range(step.case.model.layers[layer]?.units ?? 0).filter((unit) => unit !== kept);
  const sign = Math.sign(recurrence(kept, kept)) || 1;
  const merged = others.map((unit) => ({ unit, share: sign * Math.sign(recurrence(unit, kept)) }));
  return mergeUnits(step, layer, kept, merged);
}

/** The factor from the gradient of one unit's cell to that of another's a timestep before, where all states are 0. */
type Recurrence = (from: number, to: number) => number;

/** The forget gate, and a quarter of the weight from the hidden state to the candidate, since input and output gate are 1/2. */
function recurrenceOf({ case: { model }, state }: CapturedStep, layer: number): Recurrence {
  const { inputs, units } = layerShapes(model)[layer] ?? { inputs: 0, units: 0 };
  const { kernel } = state.weights[layer] ?? { kernel: new Float32Array() };
  // Near enough to the sigmoid of the bias, and the same to the bit everywhere, as an exponential is not.
  const forget = (1 + model.forgetBias / (1 + Math.abs(model.forgetBias))) / 2;
  return (from, to) => {
    const weight = kernel[(inputs + from) * gateColumns(units) + gateColumn("candidate", to, units)] ?? 0;
    return weight / 4 + (from === to ? forget : 0);
  };
}

/** The largest eigenvalue of two units' recurrence, by magnitude. */
function growthOfPair(recurrence: Recurrence, [first, second]: readonly [number, number]): number {
  const half = (recurrence(first, first) + recurrence(second, second)) / 2;
  const determinant =
    recurrence(first, first) * recurrence(second, second) -
    recurrence(first, second) * recurrence(second, first);
  const root = half * half - determinant;
  return root >= 0 ? Math.abs(half) + Math.sqrt(root) : Math.sqrt(determinant);
}
