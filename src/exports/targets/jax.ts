import { jaxArithmetic as math } from "../python/arithmetic.ts";
import { type CellWords, cellFunction, stateNames, timestepLines } from "../python/cell.ts";
import { asksLengths, dataLines, lengthsLine } from "../python/data.ts";
import { indented, listStatement, pythonHead, statement, topLevel } from "../python/head.ts";
import { arrayStyle } from "../python/literals.ts";
import { lossLines, pythonNumber, unitFunction } from "../python/loss.ts";
import {
  heatLines,
  lossEnd,
  parameterNames,
  STEP_END,
  stepLines,
  type TrainingWords,
} from "../python/steps.ts";
import { hasEndedRows, isPadded, type Reproduction } from "../reproduction.ts";
import type { ScriptOptions, Target } from "../target.ts";
import { dataTensors, momentTensors, parameterTensors } from "../tensors.ts";

const layout = { gates: "columns: gates i, j, f, o of each unit" };
const tensors = (reproduction: Reproduction) => [
  ...parameterTensors(reproduction, layout),
  ...momentTensors(reproduction, layout),
  ...dataTensors(reproduction),
];

const words: CellWords = {
  sigmoid: "jax.nn.sigmoid",
  activations: { relu: "jax.nn.relu", tanh: "jnp.tanh", sigmoid: "jax.nn.sigmoid", linear: "jnp.asarray" },
  split: (z) => `jnp.split(${z}, 4, 1)`,
  clip: math.clip,
  where: math.where,
  concatenate: (list) => `jnp.concatenate(${list}, 1)`,
};

/** The reproduction as a script for JAX: `lax.scan` over the timesteps. */
function script(reproduction: Reproduction, { inFile }: ScriptOptions): string[] {
  const data = dataLines(tensors(reproduction), arrayStyle("jnp"), { indent: 4, inFile });
  const loss = reproduction.depth === "loss";
  return [
    ...pythonHead(reproduction, ["import jax", "import jax.numpy as jnp", "import numpy as np"]),
    ...topLevel(
      ['np.seterr(all="ignore")', 'jax.config.update("jax_enable_x64", True)', ...data.blocks],
      data.reader,
      holdGradient(reproduction),
      cellFunction(reproduction, words),
      unitFunction(reproduction, math),
      forwardFunction(reproduction),
    ),
    'for dtype in ("float64", "float32"):',
    ...indented([
      ...data.lines,
      ...lengthsLine(reproduction, (list) => `jnp.array(${list})`),
      ...(loss
        ? [
            ...listStatement("parameters", parameterNames(reproduction), 4),
            `loss, (cells, output) = forward(parameters, ${batchArguments(reproduction)})`,
          ]
        : stepLines(reproduction, training(reproduction))),
      ...heatLines(reproduction),
    ]),
    ...(loss ? lossEnd("np.isfinite(loss)") : STEP_END),
  ];
}

const batchArguments = (reproduction: Reproduction) => (asksLengths(reproduction) ? "x, y, lengths" : "x, y");

function training(reproduction: Reproduction): TrainingWords {
  return {
    math,
    gradients: [
      "gradient = jax.value_and_grad(forward, has_aux=True)",
      `(loss, (cells, output)), gradients = gradient(parameters, ${batchArguments(reproduction)})`,
    ],
    zerosLike: "jnp.zeros_like",
    wrongOf: (array) => `np.asarray(${array})[~np.isfinite(${array})]`,
  };
}

/** `forward`: the loss, and the cells and outputs of every timestep. */
function forwardFunction(reproduction: Reproduction): string[] {
  const { layers } = reproduction;
  const masked = hasEndedRows(reproduction);
  const states = stateNames(reproduction).join(", ");
  const { lines, cells, output } = timestepLines(reproduction, words, {
    input: "x_t",
    running: "(lengths > t)[:, None]",
  });
  const zeros = layers.map(({ units }) => `jnp.zeros((len(x), ${units}), x.dtype)`);
  const inputs = masked ? "x.swapaxes(0, 1), jnp.arange(x.shape[1])" : "x.swapaxes(0, 1)";
  return [
    `def forward(parameters, ${batchArguments(reproduction)}):`,
    ...indented([
      ...(layers.length === 1 ? ["kernel, recurrent_kernel, bias = parameters"] : []),
      "",
      masked ? "def timestep(state, x_and_t):" : "def timestep(state, x_t):",
      ...indented([
        ...(masked ? ["x_t, t = x_and_t"] : []),
        `${states} = state`,
        ...lines,
        ...(masked || layers.length > 1
          ? [`made = ${cells}`, `output = ${output}`, `return (${states}), (made, output)`]
          : [`return (${states}), (${cells}, ${output})`]),
      ]),
      "",
      ...listStatement("zeros", zeros, 4),
      `state = ${layers.length === 1 ? "zeros * 2" : "[z for z in zeros for _ in range(2)]"}`,
      `inputs = ${inputs}`,
      "_, (cells, outputs) = jax.lax.scan(timestep, tuple(state), inputs)",
      "output = outputs.swapaxes(0, 1)",
      ...(isPadded(reproduction)
        ? ["output = jnp.pad(output, ((0, 0), (0, y.shape[1] - x.shape[1]), (0, 0)))"]
        : []),
      ...lossLines(reproduction, math, { indent: 4 }),
      "return loss, (cells, output)",
    ]),
  ];
}

/** `hold_gradient(z)`: z itself, whose gradient is held within the limit. */
function holdGradient({ model: { gradientClip }, depth }: Reproduction): string[] {
  if (gradientClip === undefined || depth === "loss") return [];
  const limit = pythonNumber(gradientClip);
  return [
    "@jax.custom_vjp",
    "def hold_gradient(z):",
    "    return z",
    "",
    "",
    ...statement(
      "hold_gradient.defvjp(",
      ["lambda z: (z, None)", `lambda _, g: (jnp.clip(g, -${limit}, ${limit}),)`],
      ")",
      0,
    ),
  ];
}

/** JAX. */
export const jax: Target = {
  title: "JAX",
  language: "python",
  command: "python",
  tracker: "jax",
  packages: ["jax"],
  refuses: () => null,
  tensors,
  script,
};
