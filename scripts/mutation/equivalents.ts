/** Mutants that break nothing, and why. */
export interface Equivalent {
  mutants: readonly string[];
  reason: string;
}

const KERNELS = "explorer/assembly";

/** Every mutant that no test can notice. One that a test notices after all, or that is made no more, fails the check. */
export const EQUIVALENT: readonly Equivalent[] = [
  {
    mutants: [
      `${KERNELS}/cellBackward.ts backwardPanel: v128.and(dh, lanes) → dh`,
      `${KERNELS}/cellBackward.ts backwardPanel: v128.and(dc, lanes) → dc`,
    ],
    reason: "dh and dc are stored for the trace alone, and it reads no lane that pads",
  },
  {
    mutants: [`${KERNELS}/cellBackward.ts backwardPanel: v128.andnot(carried, live) → f32x4.splat(0)`],
    reason:
      "what a later discarded step leaves of the cell is 0 or NaN; where it is NaN some dz there is, so that the hidden carry is NaN in all units, and with it every gate of the row's own last step",
  },
  {
    mutants: [
      `${KERNELS}/network.ts hiddenProduct: add ? plan.carryStride : 0 → false ? plan.carryStride : 0`,
    ],
    reason:
      "what a discarded step adds to is 0 or NaN in all units of a row alike, so that any panel's carry will do",
  },
  {
    mutants: [
      `${KERNELS}/clip.ts clipGradients: kind == CLIP_NONE → false`,
      `${KERNELS}/clip.ts clipGradients: kind == CLIP_GLOBAL_NORM → false (2)`,
    ],
    reason: "a division by 1, and for no clip a product with 1, leave every bit as it is",
  },
  {
    mutants: [`${KERNELS}/clip.ts clipGradients: kind == CLIP_GLOBAL_NORM → true`],
    reason: "the factor is reckoned for nothing: a clip by value reads none, and the safe one sets its own",
  },
  {
    mutants: [`${KERNELS}/clip.ts clipGradients: maskPanel(plan, layer, panel, at); → (left out)`],
    reason:
      "lanes that pad hold 0 before it and NaN after it only where the factor is NaN, and with it all that it clips; the update masks what it writes",
  },
  {
    mutants: [`${KERNELS}/step.ts clip: plan.clip != CLIP_NONE → true`],
    reason: "unclipped gradients have the same sum of squares a second time, bit for bit",
  },
  {
    mutants: [
      `${KERNELS}/network.ts forwardLayer: plan.finiteWeights → false`,
      `${KERNELS}/step.ts step: isFinite(load<f64>(plan.results + WEIGHT_SQUARES)) ? 1 : 0 → false ? 1 : 0`,
      `${KERNELS}/step.ts step: isFinite(load<f64>(plan.results + WEIGHT_SQUARES)) ? 1 : 0 → 0`,
      `${KERNELS}/weightGradient.ts panelOf: finite → false`,
    ],
    reason: "only time is lost: the state before timestep 0 is 0, and 0 times a finite number adds nothing",
  },
  {
    mutants: [`${KERNELS}/transpose.ts transposePanels: withInputs → true`],
    reason: "only time is lost: the lowest layer has room for the part that nothing reads",
  },
  {
    mutants: [
      `${KERNELS}/normalise.ts normaliseRow: kind == NORMALISE_EPSILON ? epsilon : 0 → true ? epsilon : 0`,
      `${KERNELS}/normalise.ts normaliseGradientRow: kind == NORMALISE_NAIVE ? norm : norm + epsilon → false ? norm : norm + epsilon`,
    ],
    reason: "the plan's epsilon is 0 in the naive form",
  },
  {
    mutants: [
      `${KERNELS}/optimizers.ts updatePanel: plan.optimizer == SGD → true (2)`,
      `${KERNELS}/optimizers.ts updatePanel: maskPanel(plan, layer, panel, toM); → (left out)`,
      `${KERNELS}/optimizers.ts updatePanel: maskPanel(plan, layer, panel, toV); → (left out)`,
    ],
    reason:
      "in lanes that pad the gradient and the moments are 0, and so are the moments made of them; 0/0 is there for the weight alone",
  },
  {
    mutants: [`${KERNELS}/step.ts updateLayer: skipped → false`],
    reason: "only time is lost: after a skipped step nothing reads the copy that was written",
  },
  {
    mutants: [
      `${KERNELS}/step.ts updateLayer: skipped ? layer.firstMoment : layer.nextFirstMoment → true ? layer.firstMoment : layer.nextFirstMoment`,
    ],
    reason:
      "a first moment that overflows has a gradient past 1e31, whose square makes the second moment infinite, and that one is measured",
  },
  {
    mutants: [`${KERNELS}/weightGradient.ts finishPanel: maskPanel(plan, layer, panel, g); → (left out)`],
    reason:
      "only an infinite input or hidden value makes NaN in a lane that pads; it holds every gate of its row at an end or makes it NaN, so that the same row of the gradient is NaN in a lane that is a unit",
  },
  {
    mutants: ["explorer/schedule.ts rowsLonger: time + 1 → time - 1"],
    reason: "an array grows where it is written past its end, and is read as 0 there",
  },
  {
    mutants: [
      "explorer/schedule.ts rowsLonger: row < rows → row <= rows",
      "explorer/schedule.ts paddingRepeats: row < rows → row <= rows",
    ],
    reason: "a row past the last is one of length 0 without inputs, and such a row counts for nothing here",
  },
  {
    mutants: [
      "explorer/optimizerScalars.ts writeOptimizerConstants: f(spec.learningRate) → (spec.learningRate)",
      "explorer/optimizerScalars.ts writeOptimizerConstants: f(1 - keep1) → (1 - keep1)",
      "explorer/optimizerScalars.ts writeOptimizerConstants: f(1 - keep2) → (1 - keep2)",
      "explorer/optimizerScalars.ts writeOptimizerScalars: f(f(f(spec.learningRate) * f(Math.sqrt(correction2))) / correction1) → (f(f(spec.learningRate) * f(Math.sqrt(correction2))) / correction1)",
    ],
    reason: "the plan's fields are float32 and round what is written there",
  },
  {
    mutants: [
      "explorer/optimizerScalars.ts betaPowers: next.beta1 === powers.beta1 && next.beta2 === powers.beta2 → false",
      "tfjs/optimizer.ts betaPowers: next.beta1 === powers.beta1 && next.beta2 === powers.beta2 → false",
    ],
    reason: "only time is lost: powers that have come to rest stay as they are",
  },
  {
    mutants: ["explorer/loadBatch.ts writeTable: i < values.length → i <= values.length"],
    reason: "every table has room for one entry more than it needs",
  },
  {
    mutants: [
      'explorer/training.ts #writeChoices: loss.normalise.kind === "epsilon" → true',
      'explorer/training.ts #writeChoices: optimizer.clip.kind === "none" → false',
    ],
    reason:
      "what is then written, NaN for a number that the case does not have, is read in the other forms alone",
  },
  {
    mutants: ['explorer/training.ts #writeChoices: optimizer.kind === "sgd" → false'],
    reason: "SGD has no form, and the code of none is stored as 0, which is SGD's",
  },
  {
    mutants: [
      "explorer/training.ts #writeState: shape && addresses → true && addresses",
      "explorer/training.ts #writeState: shape && addresses → true",
      "explorer/training.ts #writeState: shape && addresses → shape && true",
    ],
    reason: "a guard for the types alone: every layer has a shape and addresses",
  },
  {
    mutants: [
      "explorer/training.ts #writeState: allFinite(parameterArrays(state.weights)) → false",
      "explorer/training.ts #writeState: finite → false",
    ],
    reason: "only time is lost: the product of a hidden state of 0 with finite weights adds nothing",
  },
  {
    mutants: ['explorer/training.ts #writeState: this.#case.optimizer.kind === "sgd" → false'],
    reason: "SGD's moments are empty lists",
  },
];
