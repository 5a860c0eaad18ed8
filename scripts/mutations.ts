/** One way of breaking an engine: a text that occurs once in a source file, and its replacement. */
export interface Mutation {
  name: string;
  file: string;
  find: string;
  replace: string;
}

const EXPLORER = "src/programs/lstm/engines/explorer";
const TFJS = "src/programs/lstm/engines/tfjs";

/** Each is a mistake that one can make in writing an LSTM by hand, and that trains on without an error. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "forget bias left out",
    file: `${EXPLORER}/assembly/cellForward.ts`,
    find: "sigmoid(f32x4.add(v128.load(zf), forgetBias))",
    replace: "sigmoid(v128.load(zf))",
  },
  {
    name: "gates j and f swapped",
    file: `${EXPLORER}/assembly/cellForward.ts`,
    find: "const zj = zi + gate;\n      const zf = zj + gate;\n      const zo = zf + gate;",
    replace: "const zf = zi + gate;\n      const zj = zf + gate;\n      const zo = zj + gate;",
  },
  {
    name: "state not frozen past the end of a row",
    file: `${EXPLORER}/assembly/cellForward.ts`,
    find: "const kept = min(rows, entry(plan.real, t));",
    replace: "const kept = rows;",
  },
  {
    name: "mask dropped: the mean counts padding",
    file: `${EXPLORER}/assembly/cosine.ts`,
    find: "return plan.masked ? stepsWithin(plan) : plan.rows * plan.time;",
    replace: "return plan.rows * plan.time;",
  },
  {
    name: "mean along time over rows, not over rows and units",
    file: `${EXPLORER}/assembly/cosine.ts`,
    find: "(plan.masked ? rowsWithin(plan) : plan.rows) * layer.units",
    replace: "(plan.masked ? rowsWithin(plan) : plan.rows)",
  },
  {
    name: "clip before the norm is taken: nothing is scaled",
    file: `${EXPLORER}/assembly/clip.ts`,
    find: "globalNormScale(plainGlobalNorm(plan), plan.limit)",
    replace: "globalNormScale(min<f32>(plainGlobalNorm(plan), plan.limit), plan.limit)",
  },
  {
    name: "Adam's bias correction left out",
    file: `${EXPLORER}/optimizerScalars.ts`,
    find: "f(f(f(spec.learningRate) * f(Math.sqrt(correction2))) / correction1)",
    replace: "f(spec.learningRate)",
  },
  {
    name: "Adam's epsilon left out",
    file: `${EXPLORER}/assembly/optimizers.ts`,
    find: "f32x4.add(f32x4.sqrt(square), epsilon));\n    v128.store(toM + at, mean);\n    v128.store(toV + at, square);\n    v128.store(toW + at, f32x4.sub(",
    replace:
      "f32x4.sqrt(square));\n    v128.store(toM + at, mean);\n    v128.store(toV + at, square);\n    v128.store(toW + at, f32x4.sub(",
  },
  {
    name: "gradient goes through the cell clip",
    file: `${EXPLORER}/assembly/cellBackward.ts`,
    find: "dc = v128.and(dc, inside);",
    replace: "",
  },
  {
    name: "no gradient to the cell of the timestep before",
    file: `${EXPLORER}/assembly/cellBackward.ts`,
    find: "f32x4.add(f32x4.mul(dc, f), v128.andnot(carried, live))",
    replace: "v128.andnot(carried, live)",
  },
  {
    name: "gradient clip holds one side only",
    file: `${EXPLORER}/assembly/cellBackward.ts`,
    find: "f32x4.min(f32x4.max(x, f32x4.splat(-limit)), f32x4.splat(limit))",
    replace: "f32x4.min(x, f32x4.splat(limit))",
  },
  {
    name: "regulariser left out of the gradient",
    file: `${EXPLORER}/assembly/weightGradient.ts`,
    find: "if (plan.l2 != 0) regularisePanel",
    replace: "if (plan.l2 < 0) regularisePanel",
  },
  {
    name: "floor of safe normalisation a thousandth",
    file: `${EXPLORER}/assembly/normalise.ts`,
    find: "const SAFE_FLOOR: f32 = 1e-6;",
    replace: "const SAFE_FLOOR: f32 = 1e-9;",
  },
  {
    name: "Adam's powers advance in a skipped step",
    file: `${EXPLORER}/training.ts`,
    find: "    this.#moved = !skipped;",
    replace: "    this.#moved = !skipped;\n    this.#powers = powers;",
  },
  {
    name: "skipNonFinite judges the clipped gradient",
    file: `${EXPLORER}/assembly/step.ts`,
    find: "!isFinite(load<f64>(plan.results + RAW_SQUARES))",
    replace: "!isFinite(load<f64>(plan.results + APPLIED_SQUARES))",
  },
  {
    name: "h times Wh left out at timestep 0, where a weight is not finite",
    file: `${EXPLORER}/assembly/network.ts`,
    find: "if (t > 0 || !plan.finiteWeights) recurrentProduct",
    replace: "if (t > 0) recurrentProduct",
  },
  {
    name: "weights taken for finite after every step",
    file: `${EXPLORER}/assembly/step.ts`,
    find: "plan.finiteWeights = isFinite(load<f64>(plan.results + WEIGHT_SQUARES)) ? 1 : 0;",
    replace: "plan.finiteWeights = 1;",
  },
  {
    name: "a discarded step writes over the hidden carry",
    file: `${EXPLORER}/assembly/network.ts`,
    find: "hiddenProduct(plan, layer, t, real, entry(plan.active, t), true);",
    replace: "hiddenProduct(plan, layer, t, real, entry(plan.active, t), false);",
  },
  {
    name: "a discarded step lets dc through",
    file: `${EXPLORER}/assembly/cellBackward.ts`,
    find: "dc = f32x4.add(dc, v128.and(carried, live));",
    replace: "dc = f32x4.add(dc, carried);",
  },
  {
    name: "forget bias left out",
    file: `${TFJS}/network.ts`,
    find: 'tf.sigmoid(tf.add(gate("forget gate"), model.forgetBias))',
    replace: 'tf.sigmoid(gate("forget gate"))',
  },
  {
    name: "gates i and o swapped",
    file: `${TFJS}/network.ts`,
    find: "split[GATES.indexOf(name)]",
    replace: "split[[3, 1, 2, 0][GATES.indexOf(name)] ?? 0]",
  },
  {
    name: "output past the end of a row not dropped",
    file: `${TFJS}/network.ts`,
    find: "outputs.push(keep(below, tf.zerosLike(below)));",
    replace: "outputs.push(below);",
  },
  {
    name: "gradient of a select by multiplication: 0 * Infinity where TensorFlow has 0",
    file: `${TFJS}/ops.ts`,
    find: "return [tf.where(kept, upstream, zeros), tf.where(kept, zeros, upstream)];",
    replace:
      'const taken = tf.add(tf.cast(kept, "float32"), zeros);\n        return [tf.mul(upstream, taken), tf.mul(upstream, tf.sub(1, taken))];',
  },
  {
    name: "axes of the loss swapped",
    file: `${TFJS}/loss.ts`,
    find: 'spec.axis === "time" ? 1 : 2',
    replace: 'spec.axis === "time" ? 2 : 1',
  },
  {
    name: "Adam's bias correction left out",
    file: `${TFJS}/optimizer.ts`,
    find: "f(f(rate * f(Math.sqrt(f(1 - powers.beta2)))) / f(1 - powers.beta1))",
    replace: "rate",
  },
  {
    name: "Adam's powers advance in a skipped step",
    file: `${TFJS}/training.ts`,
    find: "const after = skipped ? before : applyUpdate(this.#case, before, applied);",
    replace:
      "const updated = applyUpdate(this.#case, before, applied);\n      const after = skipped ? { ...before, powers: updated.powers } : updated;",
  },
  {
    name: "skipNonFinite judges the clipped gradient",
    file: `${TFJS}/training.ts`,
    find: "...read(pass.gradients)]);",
    replace: "...read(applied)]);",
  },
];
