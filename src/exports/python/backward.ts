import { distances, hasEndedRows, isPadded, type Reproduction } from "../reproduction.ts";
import { numpyArithmetic as math } from "./arithmetic.ts";
import { asksLengths } from "./data.ts";
import { indented } from "./head.ts";
import { lossLines, pythonNumber, unitFunction } from "./loss.ts";

/** Derivatives of activations, by the names of their functions. */
const SLOPES = {
  relu: ["def relu_slope(z):", "    return z > 0"],
  tanh: ["def tanh_slope(z):", "    return 1 - np.tanh(z) ** 2"],
  sigmoid: ["def sigmoid_slope(z):", "    return sigmoid(z) * (1 - sigmoid(z))"],
  linear: ["def linear_slope(z):", "    return np.ones_like(z)"],
} as const;

const ACTIVATIONS = { relu: "relu", tanh: "np.tanh", sigmoid: "sigmoid", linear: "np.asarray" } as const;

/** The functions of a script that takes the gradient by hand, as backpropagation through time has it. */
export function backwardFunctions(reproduction: Reproduction): string[][] {
  const used = new Set(reproduction.layers.map(({ activation }) => activation));
  return [
    ...[...used].map((activation) => [...SLOPES[activation]]),
    cell(reproduction),
    cellGradient(reproduction),
    unitFunction(reproduction, math),
    unitGradient(reproduction),
    lossAndGradients(reproduction),
  ];
}

function cell({ model }: Reproduction): string[] {
  const forget = model.forgetBias === 0 ? "f" : `f + ${pythonNumber(model.forgetBias)}`;
  const limit = model.cellClip === undefined ? null : pythonNumber(model.cellClip);
  return [
    "def cell(x, c, h, kernel, recurrent_kernel, bias, activation):",
    "    i, j, f, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, 1)",
    `    i, f, o = sigmoid(i), sigmoid(${forget}), sigmoid(o)`,
    "    grown = f * c + i * activation(j)",
    limit === null ? "    new_c = grown" : `    new_c = ${math.clip("grown", limit)}`,
    "    return new_c, o * activation(new_c), (x, c, h, i, j, f, o, grown, new_c)",
  ];
}

function cellGradient({ model }: Reproduction): string[] {
  const clip =
    model.gradientClip === undefined ? [] : [`    dz = ${math.clip("dz", pythonNumber(model.gradientClip))}`];
  const clipped =
    model.cellClip === undefined
      ? []
      : [`    dc = np.where(np.abs(grown) > ${pythonNumber(model.cellClip)}, 0.0, dc)`];
  return [
    "def cell_gradient(tape, dc, dh, kernel, recurrent_kernel, activation, slope):",
    "    x, c, h, i, j, f, o, grown, new_c = tape",
    "    do = dh * activation(new_c) * o * (1 - o)",
    "    dc = dc + dh * o * slope(new_c)",
    ...clipped,
    "    di = dc * activation(j) * i * (1 - i)",
    "    dj = dc * i * slope(j)",
    "    df = dc * c * f * (1 - f)",
    "    dz = np.concatenate([di, dj, df, do], 1)",
    ...clip,
    "    own = x.T @ dz, h.T @ dz, dz.sum(0)",
    "    return dz @ kernel.T, dc * f, dz @ recurrent_kernel.T, own",
  ];
}

/** `unit_gradient(v, d)`: the gradient by v where the gradient by unit(v) is d, op by op as autodiff takes it. */
function unitGradient({ loss: { normalise } }: Reproduction): string[] {
  const squares = `squares = ${math.squaresKept("v")}`;
  const divided = (divisor: string) => [
    squares,
    `norm = ${divisor}`,
    "d_norm = -np.sum(d * v, -1, keepdims=True) / norm**2",
    "return d / norm + 2 * v * (d_norm / (2 * np.sqrt(squares)))",
  ];
  const body = {
    tensorflow: () => [
      squares,
      "r = 1 / np.sqrt(np.maximum(squares, 1e-12))",
      "d_squares = np.sum(d * v, -1, keepdims=True) * r * r**2 * -0.5",
      "return d * r + 2 * v * np.where(squares >= 1e-12, d_squares, 0.0)",
    ],
    naive: () => divided("np.sqrt(squares)"),
    epsilon: () =>
      divided(`np.sqrt(squares) + ${normalise.kind === "epsilon" ? pythonNumber(normalise.epsilon) : "0.0"}`),
    safe: () => [
      "largest = np.max(np.abs(v), -1, keepdims=True)",
      "scale = np.where(largest == 0, 1.0, largest)",
      "norm = np.sqrt(np.sum(np.square(v / scale), -1, keepdims=True))",
      "u = unit(v)",
      "across = d - u * np.sum(d * u, -1, keepdims=True)",
      "return np.where(largest * norm > 1e-6, across / scale / norm, d / 1e-6)",
    ],
  }[normalise.kind]();
  return ["def unit_gradient(v, d):", ...indented(body)];
}

/** `loss_and_gradients`: forward, the loss, and backward through the timesteps. */
function lossAndGradients(reproduction: Reproduction): string[] {
  const { layers, loss } = reproduction;
  const width = layers.at(-1)?.units ?? 0;
  const each = layers.map(({ activation }) => activation);
  const list = (items: readonly string[]) => `[${items.join(", ")}]`;
  return [
    `def loss_and_gradients(parameters, ${asksLengths(reproduction) ? "x, y, lengths" : "x, y"}):`,
    ...indented([
      `activations = ${list(each.map((name) => ACTIVATIONS[name]))}`,
      `slopes = ${list(each.map((name) => `${name}_slope`))}`,
      `states = [(np.zeros((len(x), n), x.dtype),) * 2 for n in ${list(layers.map(({ units }) => String(units)))}]`,
      "d_states = list(states)",
      "tapes, cells, outputs = [], [], []",
      "for t in range(x.shape[1]):",
      ...indented(forward(reproduction)),
      ...(isPadded(reproduction)
        ? [`outputs += [np.zeros((len(x), ${width}), x.dtype)] * (y.shape[1] - x.shape[1])`]
        : []),
      "output = np.stack(outputs, 1)",
      ...lossLines(reproduction, math, { indent: 4 }),
      `d_unit = -unit(y)${unitWeights(reproduction)} / ${distances(reproduction)}`,
      "d_output = unit_gradient(output, d_unit)",
      loss.l2 === 0
        ? "gradients = [np.zeros_like(p) for p in parameters]"
        : `gradients = [${pythonNumber(loss.l2)} * p for p in parameters]`,
      "for t in reversed(range(x.shape[1])):",
      ...indented(backward(reproduction)),
      "return loss, cells, output, gradients",
    ]),
  ];
}

/** With which weight a product of unit vectors goes into the loss, where padding does not count. */
function unitWeights({ loss }: Reproduction): string {
  return loss.padding === "counted" ? "" : " * running[:, :, None]";
}

function forward(reproduction: Reproduction): string[] {
  const masked = hasEndedRows(reproduction);
  return [
    ...(masked ? ["running = (lengths > t)[:, None]  # what has ended is thrown away"] : []),
    "h, news = x[:, t], []",
    "for l, (old_c, old_h) in enumerate(states):",
    "    own = parameters[3 * l : 3 * l + 3]",
    "    c, h, tape = cell(h, old_c, old_h, *own, activations[l])",
    "    tapes.append(tape)",
    "    news.append(c)",
    masked
      ? "    states[l] = np.where(running, c, old_c), np.where(running, h, old_h)"
      : "    states[l] = c, h",
    "cells.append(np.concatenate(news, 1))",
    masked ? "outputs.append(np.where(running, h, 0.0))" : "outputs.append(h)",
  ];
}

function backward(reproduction: Reproduction): string[] {
  const masked = hasEndedRows(reproduction);
  const kept = (name: string) => (masked ? `np.where(running, ${name}, 0.0)` : name);
  const carried = (name: string) => `np.where(running, 0.0, ${name})`;
  return [
    ...(masked ? ["running = (lengths > t)[:, None]"] : []),
    `d_above = ${kept("d_output[:, t]")}`,
    "for l, (dc, dh) in reversed(list(enumerate(d_states))):",
    "    kernel, recurrent_kernel, _ = parameters[3 * l : 3 * l + 3]",
    `    dh_new = d_above + ${kept("dh")}`,
    `    dc_new = ${kept("dc")}`,
    "    weights = kernel, recurrent_kernel, activations[l], slopes[l]",
    "    d_above, dc_old, dh_old, own = cell_gradient(",
    "        tapes.pop(), dc_new, dh_new, *weights",
    "    )",
    ...(masked ? [`    dc_old = dc_old + ${carried("dc")}`, `    dh_old = dh_old + ${carried("dh")}`] : []),
    "    d_states[l] = dc_old, dh_old",
    "    gradients[3 * l : 3 * l + 3] = [",
    "        g + d for g, d in zip(gradients[3 * l : 3 * l + 3], own)",
    "    ]",
  ];
}
