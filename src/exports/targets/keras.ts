import { kerasArithmetic as math } from "../python/arithmetic.ts";
import { dataLines, lengthsLine } from "../python/data.ts";
import { comprehension, indented, listStatement, pythonHead, statement, topLevel } from "../python/head.ts";
import { arrayStyle } from "../python/literals.ts";
import { lossLines, pythonNumber, unitFunction } from "../python/loss.ts";
import { lossEnd, parameterNames, STEP_END, squaresLine, wrongLines } from "../python/steps.ts";
import {
  type ExportedLayer,
  hasEndedRows,
  isPadded,
  type Reproduction,
  shownTimesteps,
} from "../reproduction.ts";
import type { ScriptOptions, Target } from "../target.ts";
import { dataTensors, momentTensors, type ParameterName, parameterTensors } from "../tensors.ts";

/** Columns in Keras's order, i, f, c, o; its bias of the forget gate holds what TensorFlow 1 adds when the cell runs. */
function arrange(forgetBias: number) {
  return (values: Float32Array, { units }: ExportedLayer, name: ParameterName): Float32Array => {
    const from = [0, 2, 1, 3];
    const added = name === "bias" ? forgetBias : 0;
    return values.map((_, at) => {
      const column = at % (4 * units);
      const gate = Math.floor(column / units);
      const value = values[at - column + (from[gate] ?? 0) * units + (column % units)] ?? 0;
      return gate === 1 ? Math.fround(value + added) : value;
    });
  };
}

const tensors = (reproduction: Reproduction) => [
  ...parameterTensors(reproduction, {
    gates: "columns: gates i, f, c, o of each unit",
    arrange: arrange(reproduction.model.forgetBias),
  }),
  ...momentTensors(reproduction, { gates: "", arrange: arrange(0) }),
  ...dataTensors(reproduction),
];

/** The reproduction as a script for Keras on TensorFlow: its LSTM, a tape, its optimizer. */
function script(reproduction: Reproduction, { inFile }: ScriptOptions): string[] {
  const data = dataLines(tensors(reproduction), arrayStyle("np"), { indent: 4, inFile });
  const loss = reproduction.depth === "loss";
  return [
    ...pythonHead(reproduction, [
      "import keras",
      "import numpy as np",
      "import tensorflow as tf",
      "from keras import ops",
    ]),
    ...topLevel(['np.seterr(all="ignore")', ...data.blocks], data.reader, unitFunction(reproduction, math)),
    'for dtype in ("float64", "float32"):',
    ...indented([
      "keras.config.set_floatx(dtype)",
      "keras.config.set_dtype_policy(dtype)",
      ...data.lines,
      ...lengthsLine(reproduction, (list) => `np.array(${list})`),
      ...layerLines(reproduction),
      ...heatLines(reproduction),
      ...(loss ? forwardLines(reproduction, 4) : stepLines(reproduction)),
      ...squaresLine(reproduction, "np.square(output)"),
      `print(f"{dtype} {'dies' if ${loss ? "not np.isfinite(loss)" : "wrong"} else 'lives'}: the loss is {loss}")`,
    ]),
    ...(loss ? lossEnd("np.isfinite(loss)") : STEP_END),
  ];
}

function layerLines(reproduction: Reproduction): string[] {
  const { layers, model } = reproduction;
  const masked = hasEndedRows(reproduction);
  const options = [
    "return_sequences=True",
    "return_state=True",
    ...(masked ? ["zero_output_for_mask=True"] : []),
  ];
  const [first] = layers;
  const made =
    layers.length === 1 && first !== undefined
      ? [
          ...statement(
            "lstm = keras.layers.LSTM(",
            [String(first.units), `activation="${first.activation}"`, ...options],
            ")",
            4,
          ),
        ]
      : [
          ...listStatement(
            "cells",
            layers.map(
              ({ units, activation }) => `keras.layers.LSTMCell(${units}, activation="${activation}")`,
            ),
            4,
          ),
          ...statement("lstm = keras.layers.RNN(", ["cells", ...options], ")", 4),
        ];
  return [
    ...made,
    `lstm.build((None, None, ${model.inputs}))`,
    ...listStatement("weights", parameterNames(reproduction), 4),
    "lstm.set_weights(weights)",
    ...(masked ? ["mask = np.arange(x.shape[1]) < lengths[:, None]  # what has ended is thrown away"] : []),
  ];
}

/** The largest cell after each of the shown timesteps: the state of a run that ends there, which no row has ended by. */
function heatLines(reproduction: Reproduction): string[] {
  const { from, to } = shownTimesteps(reproduction);
  const times = `for t in range(${from + 1}, ${to + 2})`;
  const heat =
    reproduction.layers.length === 1
      ? [
          ...comprehension("cells", ["lstm(x[:, :t])[2]", times], 4),
          "heat = np.log10(np.abs(cells).max((1, 2))).round(1)",
        ]
      : [
          ...comprehension("states", ["lstm(x[:, :t])[1:]", times], 4),
          "heat = [np.max([np.abs(s[1]).max() for s in layers]) for layers in states]",
          "heat = np.log10(heat).round(1)",
        ];
  return [...heat, `print(f"{dtype}: log10 of the largest |cell| at timesteps ${from} to ${to}: {heat}")`];
}

function forwardLines(reproduction: Reproduction, indent: number): string[] {
  const { loss, layers, batch, model } = reproduction;
  const call = hasEndedRows(reproduction) ? "lstm(x, mask=mask)" : "lstm(x)";
  const shift = loss.l2 > 0 && model.forgetBias !== 0;
  const biases = layers.map((_, l) => 3 * l + 2);
  return [
    `output = ${call}[0]`,
    ...(isPadded(reproduction)
      ? [`output = ops.pad(output, ((0, 0), (0, ${batch.time - batch.run}), (0, 0)))`]
      : []),
    ...(loss.l2 > 0 ? ["parameters = [v.value for v in lstm.trainable_variables]"] : []),
    ...(shift
      ? [
          `for at in (${biases.join(", ")}${biases.length === 1 ? "," : ""}):  # less what the forget gate has from the start`,
          `    one = np.repeat([0.0, ${pythonNumber(model.forgetBias)}, 0.0, 0.0], parameters[at].shape[0] // 4)`,
          "    parameters[at] = parameters[at] - one.astype(dtype)",
        ]
      : []),
    ...lossLines(reproduction, math, { indent }),
  ];
}

function stepLines(reproduction: Reproduction): string[] {
  return [
    "with tf.GradientTape() as tape:",
    ...indented(forwardLines(reproduction, 8)),
    "gradients = tape.gradient(loss, lstm.trainable_variables)",
    ...(reproduction.depth === "gradients" ? [] : updateLines(reproduction)),
    ...wrongLines(
      reproduction,
      {
        wrongOf: (array) => `np.asarray(${array})[~np.isfinite(${array})]`,
        isFinite: (array) => `np.isfinite(${array}).all()`,
      },
      { parts: kerasWatched(reproduction) },
    ),
  ];
}

/** Keras clips inside its optimizer: what it clipped shows in the first moment. */
function kerasWatched({ depth, optimizer }: Reproduction): [string, string][] {
  const gradient: [string, string][] = optimizer.clip.kind === "value" ? [] : [["gradient", "gradients"]];
  if (depth === "gradients")
    return [
      ["loss", "[loss]"],
      ["gradient", "gradients"],
    ];
  return [
    ["loss", "[loss]"],
    ...gradient,
    ...(optimizer.kind === "adam"
      ? ([
          ["first moment", "first"],
          ["second moment", "second"],
        ] as [string, string][])
      : []),
    ["weight", "lstm.get_weights()"],
  ];
}

function updateLines(reproduction: Reproduction): string[] {
  const { optimizer, moments, updatesBefore } = reproduction;
  const { clip } = optimizer;
  const clipped =
    clip.kind === "globalNorm"
      ? [`global_clipnorm=${pythonNumber(clip.limit)}`]
      : clip.kind === "value"
        ? [`clipvalue=${pythonNumber(clip.limit)}`]
        : [];
  const rate = pythonNumber(optimizer.learningRate);
  if (optimizer.kind === "sgd")
    return [
      `optimizer = keras.optimizers.SGD(${[rate, ...clipped].join(", ")})`,
      "optimizer.apply(gradients, lstm.trainable_variables)",
    ];
  const numbers = [rate, optimizer.beta1, optimizer.beta2, optimizer.epsilon].map((value) =>
    typeof value === "string" ? value : pythonNumber(value),
  );
  const names = (of: string) => parameterNames(reproduction).map((name) => `${of}_moment_of_${name}`);
  const set =
    moments === null
      ? []
      : [
          ...listStatement("moments", ["first", "second"].flatMap(names), 4),
          "for v, a in zip(optimizer._momentums + optimizer._velocities, moments):",
          "    v.assign(a)",
        ];
  return [
    `optimizer = keras.optimizers.Adam(${[...numbers, ...clipped].join(", ")})`,
    "optimizer.build(lstm.trainable_variables)",
    ...set,
    ...(updatesBefore > 0 ? [`optimizer.iterations.assign(${updatesBefore})`] : []),
    "optimizer.apply(gradients, lstm.trainable_variables)",
    "first, second = optimizer._momentums, optimizer._velocities",
  ];
}

function refuses({ model, optimizer, depth }: Reproduction): string | null {
  if (model.cellClip !== undefined) return "its LSTM has no clip of the cell (model.cellClip)";
  if (model.gradientClip !== undefined && depth !== "loss")
    return "its LSTM has no clip of the gradient inside a row (model.gradientClip)";
  if (depth === "clip" || depth === "update") {
    if (optimizer.clip.kind === "safeGlobalNorm") return "it has no clip by a safe global norm";
    if (optimizer.skipNonFinite) return "its optimizers skip no update (optimizer.skipNonFinite)";
    if (optimizer.kind === "adam" && optimizer.form === "tfjs")
      return "its Adam is of another form than tensorflow.js's (optimizer.form)";
  }
  return null;
}

/** Keras 3 on TensorFlow. */
export const keras: Target = {
  title: "Keras",
  language: "python",
  command: "python",
  tracker: "keras",
  packages: ["keras", "tensorflow"],
  refuses,
  tensors,
  script,
};
