import { numpyArithmetic as math } from "../python/arithmetic.ts";
import { backwardFunctions } from "../python/backward.ts";
import { type CellWords, cellFunction, timestepLines } from "../python/cell.ts";
import { asksLengths, dataLines, lengthsLine } from "../python/data.ts";
import { indented, listStatement, pythonHead, topLevel } from "../python/head.ts";
import { arrayStyle } from "../python/literals.ts";
import { lossLines, unitFunction } from "../python/loss.ts";
import { heatLines, lossEnd, parameterNames, STEP_END, stepLines } from "../python/steps.ts";
import { isPadded, type Reproduction } from "../reproduction.ts";
import type { ScriptOptions, Target } from "../target.ts";
import { dataTensors, layerName, momentTensors, parameterTensors } from "../tensors.ts";

const layout = { gates: "columns: gates i, j, f, o of each unit" };
const tensors = (reproduction: Reproduction) => [
  ...parameterTensors(reproduction, layout),
  ...momentTensors(reproduction, layout),
  ...dataTensors(reproduction),
];

const words: CellWords = {
  sigmoid: "sigmoid",
  activations: { relu: "relu", tanh: "np.tanh", sigmoid: "sigmoid", linear: "np.asarray" },
  split: (z) => `np.split(${z}, 4, 1)`,
  clip: math.clip,
  where: math.where,
  concatenate: (list) => `np.concatenate(${list}, 1)`,
};

/** The functions that numpy has not. */
const ELEMENTWISE = [
  ["def sigmoid(z):", "    return 1 / (1 + np.exp(-z))"],
  ["def relu(z):", "    return np.maximum(z, 0)"],
];

/** The reproduction as a script for numpy alone; where the gradient is asked for, it is written out. */
function script(reproduction: Reproduction, { inFile }: ScriptOptions): string[] {
  const data = dataLines(tensors(reproduction), arrayStyle("np"), { indent: 4, inFile });
  const loss = reproduction.depth === "loss";
  const relu = reproduction.layers.some(({ activation }) => activation === "relu");
  return [
    ...pythonHead(reproduction, ["import numpy as np"]),
    ...topLevel(
      ['np.seterr(all="ignore")', ...data.blocks],
      data.reader,
      ...ELEMENTWISE.slice(0, relu ? 2 : 1),
      ...(loss
        ? [cellFunction(reproduction, words), unitFunction(reproduction, math)]
        : backwardFunctions(reproduction)),
    ),
    'for dtype in ("float64", "float32"):',
    ...indented([
      ...data.lines,
      ...lengthsLine(reproduction, (list) => `np.array(${list})`),
      ...(loss
        ? forwardLines(reproduction)
        : stepLines(reproduction, {
            math,
            gradients: [
              `loss, cells, output, gradients = loss_and_gradients(parameters, ${asksLengths(reproduction) ? "x, y, lengths" : "x, y"})`,
            ],
            zerosLike: "np.zeros_like",
            wrongOf: (array) => `np.asarray(${array})[~np.isfinite(${array})]`,
          })),
      ...heatLines(reproduction),
    ]),
    ...(loss ? lossEnd("np.isfinite(loss)") : STEP_END),
  ];
}

/** The statements that make `loss` of the parameters, `x` and `y`. */
function forwardLines(reproduction: Reproduction): string[] {
  const { layers, loss } = reproduction;
  const zeros = layers.map(
    ({ units }, l) =>
      `${layerName(reproduction, "c", l)} = ${layerName(reproduction, "h", l)} = np.zeros((len(x), ${units}), dtype)`,
  );
  const { lines, cells, output } = timestepLines(reproduction, words, {
    input: "x[:, t]",
    running: "(lengths > t)[:, None]",
  });
  const width = layers.at(-1)?.units ?? 0;
  return [
    ...(layers.length > 1 || loss.l2 > 0 ? listStatement("parameters", parameterNames(reproduction), 4) : []),
    ...zeros,
    "cells, outputs = [], []",
    "for t in range(x.shape[1]):",
    ...indented([...lines, `cells.append(${cells})`, `outputs.append(${output})`]),
    ...(isPadded(reproduction)
      ? [`outputs += [np.zeros((len(x), ${width}), dtype)] * (y.shape[1] - x.shape[1])`]
      : []),
    "output = np.stack(outputs, 1)",
    ...lossLines(reproduction, math, { indent: 4 }),
  ];
}

/** numpy. */
export const numpy: Target = {
  title: "NumPy",
  language: "python",
  command: "python",
  tracker: "numpy",
  packages: ["numpy"],
  refuses: () => null,
  tensors,
  script,
};
