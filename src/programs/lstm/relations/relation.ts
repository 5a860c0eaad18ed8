import { GAUGES, gauge } from "../../stepRecord.ts";
import { parameterArrays } from "../cases/parameters.ts";
import type { LayerParameters } from "../cases/state.ts";
import type { Engine } from "../engines/engine.ts";
import { layerGauge } from "../engines/gauges.ts";
import { nudged } from "./nudge.ts";
import { type SharedStep, type StepOutcome, takeStep } from "./sharedStep.ts";

/** The result of comparing two ways of taking one step; `quantity` names the first that differs by more than the tolerance. */
export type Agreement =
  | { status: "holds" }
  | {
      status: "violated";
      quantity: string;
      expected: number;
      actual: number;
      difference: number;
      tolerance: number;
    }
  | { status: "inconclusive"; reason: string };

/** Two ways of taking one step that must give the same numbers. */
export interface Relation {
  name: string;
  check(engine: Engine, step: SharedStep): Agreement;
}

/** Largest distance between two correct ways, in multiples of the effect of one ulp in the weights. */
const CONDITIONED = 10;
/** Tolerance besides, for the rounding of sums that no weight goes into: relative to the quantity, and absolute. */
const ROUNDING = { relative: 1e-5, absolute: 1e-6 };

/**
 * Compares another way of taking a step with the plain one. The tolerance of each quantity is ten times what
 * one ulp in the weights does to it, the larger of two such nudges, because a state tells how far
 * its own rounding goes.
 *
 * @param compared The largest cell and hidden state count discarded steps too, of which the other way may take more.
 */
export function agreement(
  engine: Engine,
  step: SharedStep,
  other: StepOutcome,
  compared: "all" | "without maxima" = "all",
): Agreement {
  const plain = takeStep(engine, step);
  const moved = (["away", "towards"] as const).map((first) =>
    takeStep(engine, { ...step, state: nudged(step.state, first) }),
  );
  const alive = [plain, other, ...moved].map(({ record: { finite } }) => finite.loss && finite.gradients);
  if (alive[0] !== alive[1] && alive[0] === alive[2] && alive[0] === alive[3])
    return { status: "violated", quantity: "finite", ...asNumbers(alive), difference: 1, tolerance: 0 };
  if (alive.includes(false))
    return { status: "inconclusive", reason: "the step is not finite, or one ulp decides whether it is" };
  const quantities = measured(step, plain, compared).map(({ quantity, values }, q) => {
    const distance = ({ values: theirs = [] }: { values?: Numbers } = {}) => apart(values, theirs);
    const size = apart(values, []);
    const nudges = moved.map((outcome) => distance(measured(step, outcome, compared)[q]));
    const theirs = measured(step, other, compared)[q];
    return {
      status: "violated" as const,
      quantity,
      expected: size,
      actual: apart(theirs?.values ?? [], []),
      difference: distance(theirs),
      tolerance: CONDITIONED * Math.max(...nudges) + ROUNDING.relative * size + ROUNDING.absolute,
    };
  });
  return quantities.find(({ difference, tolerance }) => !(difference <= tolerance)) ?? { status: "holds" };
}

type Numbers = ArrayLike<number>;

const asNumbers = ([expected, actual]: readonly (boolean | undefined)[]) => ({
  expected: Number(expected),
  actual: Number(actual),
});

/**
 * The numbers to compare: those of the record, then gradients and weights as vectors. Of vectors with a single entry the
 * cosine has a gradient of exactly 0, and all that is computed of it is rounding: left out, with what it moves.
 */
function measured(
  { testCase: { model, loss }, batch: { lengths } }: SharedStep,
  outcome: StepOutcome,
  compared: "all" | "without maxima",
) {
  const { record, gradients, weights } = outcome;
  const forward = [
    { quantity: "cosine distance", values: [gauge(record, "cosineDistance")] },
    { quantity: "regulariser", values: [gauge(record, "regulariser")] },
    ...(compared === "all" ? model.layers : []).flatMap((_, l) => [
      { quantity: `layer ${l} largest cell`, values: [gauge(record, layerGauge(l, "maxCell"))] },
      { quantity: `layer ${l} largest hidden`, values: [gauge(record, layerGauge(l, "maxHidden"))] },
    ]),
  ];
  const entries = loss.axis === "embedding" ? (model.layers.at(-1)?.units ?? 0) : Math.max(...lengths);
  if (entries <= 1) return forward;
  return [
    ...forward,
    { quantity: "gradient norm", values: [gauge(record, GAUGES.rawGradientNorm)] },
    { quantity: "gradient", values: flat(gradients) },
    { quantity: "weights", values: flat(weights) },
  ];
}

const flat = (layers: LayerParameters[]): number[] =>
  parameterArrays(layers).flatMap((values) => [...values]);

/** 2-norm of the difference; what is missing counts as 0. */
function apart(a: Numbers, b: Numbers): number {
  let sum = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
}
