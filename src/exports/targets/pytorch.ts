import { torchArithmetic as math } from "../python/arithmetic.ts";
import { type CellWords, cellFunction, timestepLines } from "../python/cell.ts";
import { asksLengths, dataLines, lengthsLine } from "../python/data.ts";
import { indented, listStatement, pythonHead, topLevel } from "../python/head.ts";
import { torchStyle } from "../python/literals.ts";
import { lossLines, pythonNumber, unitFunction } from "../python/loss.ts";
import { lossEnd, parameterNames, STEP_END, stepLines, type TrainingWords } from "../python/steps.ts";
import { isPadded, type Reproduction, shownTimesteps } from "../reproduction.ts";
import type { ScriptOptions, Target } from "../target.ts";
import { dataTensors, layerName, momentTensors, parameterTensors } from "../tensors.ts";

const layout = { gates: "columns: gates i, j, f, o of each unit" };
const tensors = (reproduction: Reproduction) => [
  ...parameterTensors(reproduction, layout),
  ...momentTensors(reproduction, layout),
  ...dataTensors(reproduction),
];

const words: CellWords = {
  sigmoid: "torch.sigmoid",
  activations: {
    relu: "torch.relu",
    tanh: "torch.tanh",
    sigmoid: "torch.sigmoid",
    linear: "torch.nn.Identity()",
  },
  split: (z) => `${z === "z" ? z : `(${z})`}.chunk(4, 1)`,
  clip: math.clip,
  where: math.where,
  concatenate: (list) => `torch.cat(${list}, 1)`,
};

/** The reproduction as a script for PyTorch, its cell written out: nn.LSTM knows neither relu nor a clip. */
function script(reproduction: Reproduction, { inFile }: ScriptOptions): string[] {
  const data = dataLines(tensors(reproduction), torchStyle, { indent: 4, inFile });
  const imports = inFile ? ["import numpy as np", "import torch"] : ["import torch"];
  const loss = reproduction.depth === "loss";
  return [
    ...pythonHead(reproduction, imports),
    ...topLevel(
      data.blocks,
      data.reader,
      holdGradient(reproduction),
      cellFunction(reproduction, words),
      unitFunction(reproduction, math),
      loss ? [] : forwardFunction(reproduction),
    ),
    "for dtype in (torch.float64, torch.float32):",
    ...indented([
      "torch.set_default_dtype(dtype)",
      ...data.lines,
      ...lengthsLine(reproduction, (list) => `torch.tensor(${list})`),
      ...(loss ? forwardLines(reproduction) : stepLines(reproduction, training(reproduction))),
      ...heatLines(reproduction),
    ]),
    ...(loss ? lossEnd("loss.isfinite()") : STEP_END),
  ];
}

/** The statements that show the heat in one type of numbers. */
function heatLines(reproduction: Reproduction): string[] {
  const { from, to } = shownTimesteps(reproduction);
  const dies = reproduction.depth === "loss" ? "not loss.isfinite()" : "wrong";
  return [
    `heat = torch.stack(cells[${from}:${to + 1}]).abs().amax((1, 2)).log10()`,
    `print(f"{dtype}: log10 of the largest |cell| at timesteps ${from} to ${to}: {heat}")`,
    ...(reproduction.site.phase === "normalise"
      ? ['print("the largest sum of squares:", torch.sum(output**2, -1).max().item())']
      : []),
    `print(f"{dtype} {'dies' if ${dies} else 'lives'}: the loss is {loss}")`,
  ];
}

/** The statements that make `loss` of `parameters` (or the tensors by their names), `x` and `y`. */
function forwardLines(reproduction: Reproduction): string[] {
  const { layers, loss, depth } = reproduction;
  const one = layers.length === 1;
  const zeros = layers.map(
    ({ units }, l) =>
      `${layerName(reproduction, "c", l)} = ${layerName(reproduction, "h", l)} = torch.zeros(x.shape[0], ${units})`,
  );
  const { lines, cells, output } = timestepLines(reproduction, words, {
    input: "x[:, t]",
    running: "(lengths > t)[:, None]",
  });
  const width = layers.at(-1)?.units ?? 0;
  const unpacked = depth !== "loss" && one ? ["kernel, recurrent_kernel, bias = parameters"] : [];
  const packed =
    depth === "loss" && (!one || loss.l2 > 0)
      ? listStatement("parameters", parameterNames(reproduction), 4)
      : [];
  return [
    ...unpacked,
    ...packed,
    ...zeros,
    "cells, outputs = [], []",
    "for t in range(x.shape[1]):",
    ...indented([...lines, `cells.append(${cells})`, `outputs.append(${output})`]),
    ...(isPadded(reproduction)
      ? [`outputs += [torch.zeros(x.shape[0], ${width})] * (y.shape[1] - x.shape[1])`]
      : []),
    "output = torch.stack(outputs, 1)",
    ...lossLines(reproduction, math, { indent: 4 }),
  ];
}

function forwardFunction(reproduction: Reproduction): string[] {
  const batchArguments = asksLengths(reproduction) ? "x, y, lengths" : "x, y";
  const results = reproduction.site.phase === "normalise" ? "loss, cells, output" : "loss, cells";
  return [
    `def forward(parameters, ${batchArguments}):`,
    ...indented([...forwardLines(reproduction), `return ${results}`]),
  ];
}

function training(reproduction: Reproduction): TrainingWords {
  const batchArguments = asksLengths(reproduction) ? "x, y, lengths" : "x, y";
  const results = reproduction.site.phase === "normalise" ? "loss, cells, output" : "loss, cells";
  return {
    math,
    gradients: [
      "parameters = [p.detach().requires_grad_() for p in parameters]",
      `${results} = forward(parameters, ${batchArguments})`,
      "gradients = torch.autograd.grad(loss, parameters)",
    ],
    zerosLike: "torch.zeros_like",
    wrongOf: (array: string) => `${array}[~${array}.isfinite()]`,
  };
}

/** `hold_gradient(z)`: z itself, whose gradient is held within the limit. */
function holdGradient({ model: { gradientClip }, depth }: Reproduction): string[] {
  if (gradientClip === undefined || depth === "loss") return [];
  const limit = pythonNumber(gradientClip);
  return [
    "def hold_gradient(z):",
    `    z.register_hook(lambda g: g.clamp(-${limit}, ${limit}))`,
    "    return z",
  ];
}

/** PyTorch. */
export const pytorch: Target = {
  title: "PyTorch",
  language: "python",
  command: "python",
  tracker: "pytorch",
  packages: ["torch"],
  refuses: () => null,
  tensors,
  script,
};
