import { tensorflowArithmetic as math } from "../python/arithmetic.ts";
import { dataLines, lengthsLine } from "../python/data.ts";
import { comprehension, indented, listStatement, pythonHead, statement, topLevel } from "../python/head.ts";
import { arrayStyle } from "../python/literals.ts";
import { lossLines, pythonNumber, unitFunction } from "../python/loss.ts";
import { clipsIn, lossEnd, STEP_END, squaresLine, wrongLines } from "../python/steps.ts";
import { hasEndedRows, isPadded, type Reproduction, shownTimesteps } from "../reproduction.ts";
import type { ScriptOptions, Target } from "../target.ts";
import { dataTensors, layerName, momentTensors, parameterTensors } from "../tensors.ts";

const layout = { gates: "columns: gates i, j, f, o of each unit", joint: true };
const tensors = (reproduction: Reproduction) => [
  ...parameterTensors(reproduction, layout),
  ...momentTensors(reproduction, layout),
  ...dataTensors(reproduction),
];

const ACTIVATIONS = { relu: "tf.nn.relu", tanh: "tf.tanh", sigmoid: "tf.sigmoid", linear: "tf.identity" };

/** The statements that import TensorFlow 1's cells: in a folder of its own since Keras 3 came. */
const CELLS = [
  "try:",
  "    from tensorflow.python.keras.layers.legacy_rnn import rnn_cell_impl as rnn",
  "except ImportError:",
  "    rnn = tf.nn.rnn_cell",
];

/** The reproduction as the original program was written: its cells, dynamic_rnn, cosine_distance, a session. */
function script(reproduction: Reproduction, { inFile }: ScriptOptions): string[] {
  const data = dataLines(tensors(reproduction), arrayStyle("np"), { indent: 4, inFile });
  const loss = reproduction.depth === "loss";
  return [
    ...pythonHead(reproduction, ["import numpy as np", "import tensorflow.compat.v1 as tf"]),
    ...CELLS,
    ...topLevel(
      ['np.seterr(all="ignore")', "tf.disable_v2_behavior()", ...data.blocks],
      data.reader,
      ownLoss(reproduction) ? [] : unitFunction(reproduction, math),
    ),
    'for dtype in ("float64", "float32"):',
    ...indented([
      ...data.lines,
      ...lengthsLine(reproduction, (list) => `np.array(${list})`),
      "with tf.Graph().as_default(), tf.Session() as session:",
      ...indented([
        ...graphLines(reproduction),
        ...(loss ? [] : stepGraph(reproduction)),
        "session.run(tf.global_variables_initializer())",
        ...listStatement("start", parameterNames(reproduction), 8),
        "session.run([v.assign(p) for v, p in zip(variables, start)])",
        ...heatRuns(reproduction),
        ...stepRuns(reproduction),
      ]),
      ...shownLines(reproduction),
    ]),
    ...(loss ? lossEnd("np.isfinite(loss)") : STEP_END),
  ];
}

/** True of a loss that is one of TensorFlow's own calls. */
function ownLoss({ loss }: Reproduction): boolean {
  return loss.padding === "counted" && loss.normalise.kind === "tensorflow";
}

function parameterNames(reproduction: Reproduction): string[] {
  return reproduction.layers.flatMap((_, l) =>
    ["kernel", "bias"].map((name) => layerName(reproduction, name, l)),
  );
}

function feed(reproduction: Reproduction): string {
  return hasEndedRows(reproduction) ? "{inputs: x, ends: lengths}" : "{inputs: x}";
}

function graphLines(reproduction: Reproduction): string[] {
  const { layers, model, batch } = reproduction;
  const masked = hasEndedRows(reproduction);
  const kind = model.cellClip === undefined ? "BasicLSTMCell" : "LSTMCell";
  const more = [
    ...(model.forgetBias === 1 ? [] : [`forget_bias=${pythonNumber(model.forgetBias)}`]),
    ...(model.cellClip === undefined ? [] : [`cell_clip=${pythonNumber(model.cellClip)}`]),
  ];
  const cells = layers.map(({ units, activation }) => {
    const all = [String(units), ...more, `activation=${ACTIVATIONS[activation]}`];
    return `rnn.${kind}(${all.join(", ")})`;
  });
  const run = ["cell", "inputs", ...(masked ? ["ends"] : []), "dtype=dtype"];
  return [
    `inputs = tf.placeholder(dtype, (${batch.rows}, None, ${model.inputs}))`,
    ...(masked ? [`ends = tf.placeholder(tf.int32, (${batch.rows},))  # a row that has ended runs on`] : []),
    ...(layers.length === 1
      ? [`cell = ${cells[0] ?? ""}`]
      : [...listStatement("cells", cells, 8), "cell = rnn.MultiRNNCell(cells)"]),
    `output, state = tf.nn.dynamic_rnn(${run.join(", ")})`,
    ...(isPadded(reproduction)
      ? [`output = tf.pad(output, [[0, 0], [0, ${batch.time - batch.run}], [0, 0]])`]
      : []),
    "variables = tf.trainable_variables()",
    ...graphLoss(reproduction),
  ];
}

function graphLoss(reproduction: Reproduction): string[] {
  const { loss } = reproduction;
  if (!ownLoss(reproduction)) return lossLines(reproduction, math, { indent: 8, regularised: "variables" });
  return [
    "unit_y, unit_output = tf.nn.l2_normalize(y, 2), tf.nn.l2_normalize(output, 2)",
    `loss = tf.losses.cosine_distance(unit_y, unit_output, axis=${loss.axis === "time" ? 1 : 2})`,
    ...(loss.l2 === 0
      ? []
      : [
          "squares = tf.add_n([tf.nn.l2_loss(v) for v in variables])",
          `loss = tf.cast(loss, dtype) + ${pythonNumber(loss.l2)} * squares`,
        ]),
  ];
}

/** The gradient and, as far as the death asks for them, the clip and the update. */
function stepGraph(reproduction: Reproduction): string[] {
  const { optimizer, depth } = reproduction;
  const { clip } = optimizer;
  const clipped = clipsIn(reproduction);
  const rate = pythonNumber(optimizer.learningRate);
  const adam =
    optimizer.kind === "adam"
      ? [optimizer.beta1, optimizer.beta2, optimizer.epsilon].map(pythonNumber)
      : null;
  const made =
    adam === null ? `GradientDescentOptimizer(${rate})` : `AdamOptimizer(${[rate, ...adam].join(", ")})`;
  const limit = clip.kind === "none" ? "" : pythonNumber(clip.limit);
  return [
    "gradients = tf.gradients(loss, variables)",
    ...(clipped && clip.kind === "globalNorm"
      ? [`clipped, _ = tf.clip_by_global_norm(gradients, ${limit})`]
      : []),
    ...(clipped && clip.kind === "value"
      ? [`clipped = [tf.clip_by_value(g, -${limit}, ${limit}) for g in gradients]`]
      : []),
    ...(depth !== "update"
      ? []
      : [
          `optimizer = tf.train.${made}`,
          `update = optimizer.apply_gradients(zip(${clipped ? "clipped" : "gradients"}, variables))`,
          ...(adam === null
            ? []
            : [
                'first = [optimizer.get_slot(v, "m") for v in variables]',
                'second = [optimizer.get_slot(v, "v") for v in variables]',
              ]),
        ]),
  ];
}

/** The largest cell after each of the shown timesteps: the state of a run that ends there, which no row has ended by. */
function heatRuns(reproduction: Reproduction): string[] {
  const { from, to } = shownTimesteps(reproduction);
  const cells = reproduction.layers.length === 1 ? "state.c" : "tf.concat([s.c for s in state], 1)";
  const ends = hasEndedRows(reproduction) ? `, ends: [t] * ${reproduction.batch.rows}` : "";
  const run = `session.run(cells, {inputs: x[:, :t]${ends}})`;
  return [`cells = ${cells}`, ...comprehension("shown", [run, `for t in range(${from + 1}, ${to + 2})`], 8)];
}

/** Runs the step, and takes what came of it. */
function stepRuns(reproduction: Reproduction): string[] {
  const { depth, optimizer, site } = reproduction;
  const taken = [
    "loss",
    ...(depth === "loss" ? [] : ["gradients"]),
    ...(clipsIn(reproduction) ? ["clipped"] : []),
    ...(site.phase === "normalise" ? ["output"] : []),
  ];
  const updates = depth === "update";
  const fetched = taken.length === 1 ? "loss" : `[${taken.join(", ")}]`;
  const run = statement(`${taken.join(", ")} = session.run(`, [fetched, feed(reproduction)], ")", 8);
  if (depth === "loss") return run;
  const after =
    optimizer.kind === "adam"
      ? "parameters, first, second = session.run([variables, first, second])"
      : "parameters = session.run(variables)";
  const words = {
    wrongOf: (array: string) => `np.asarray(${array})[~np.isfinite(${array})]`,
    isFinite: (array: string) => `np.isfinite(${array}).all()`,
  };
  return [
    ...run,
    // A run of its own: what else is fetched with an update may read the weights before or after it.
    ...(updates
      ? [...optimizerState(reproduction), `session.run(update, ${feed(reproduction)})`, after]
      : []),
    ...wrongLines(reproduction, words, { indent: 8 }),
  ];
}

/** Gives the optimizer its state before the step, where that is not its start. */
function optimizerState(reproduction: Reproduction): string[] {
  const { optimizer, moments, updatesBefore } = reproduction;
  if (optimizer.kind !== "adam" || (moments === null && updatesBefore === 0)) return [];
  const names = (of: string) => parameterNames(reproduction).map((name) => `${of}_moment_of_${name}`);
  const set = ["first", "second"].flatMap((of) => [
    ...listStatement("start", names(of), 8),
    `session.run([s.assign(p) for s, p in zip(${of}, start)])`,
  ]);
  const betas = [optimizer.beta1, optimizer.beta2].map(pythonNumber).join(", ");
  return [
    ...(moments === null ? [] : set),
    "powers = optimizer._get_beta_accumulators()",
    `for power, beta in zip(powers, (${betas})):`,
    `    session.run(power.assign(beta**${updatesBefore + 1}))`,
  ];
}

function shownLines(reproduction: Reproduction): string[] {
  const { from, to } = shownTimesteps(reproduction);
  const dies = reproduction.depth === "loss" ? "not np.isfinite(loss)" : "wrong";
  return [
    "heat = np.log10(np.abs(shown).max((1, 2))).round(1)",
    `print(f"{dtype}: log10 of the largest |cell| at timesteps ${from} to ${to}: {heat}")`,
    ...squaresLine(reproduction, "np.square(output)"),
    `print(f"{dtype} {'dies' if ${dies} else 'lives'}: the loss is {loss}")`,
  ];
}

function refuses({ model, optimizer, depth }: Reproduction): string | null {
  if (model.gradientClip !== undefined && depth !== "loss")
    return "its cells have no clip of the gradient inside a row (model.gradientClip)";
  if (depth === "clip" || depth === "update")
    if (optimizer.clip.kind === "safeGlobalNorm") return "it has no clip by a safe global norm";
  if (depth !== "update") return null;
  if (optimizer.skipNonFinite) return "its optimizers skip no update (optimizer.skipNonFinite)";
  if (optimizer.kind === "adam" && optimizer.form === "tfjs")
    return "its Adam is of another form than tensorflow.js's (optimizer.form)";
  return null;
}

/** TensorFlow 1, or `tf.compat.v1`. */
export const tensorflow1: Target = {
  title: "TensorFlow 1 (tf.compat.v1)",
  language: "python",
  command: "python",
  tracker: "tensorflow",
  packages: ["tensorflow"],
  refuses,
  tensors,
  script,
};
