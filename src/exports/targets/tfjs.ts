import { commentLines } from "../commentLines.ts";
import { float64Lines } from "../javascript/float64.ts";
import { JAVASCRIPT_WIDTH, javascriptNumber as n, nestedStyle } from "../javascript/literals.ts";
import { tensorLines } from "../literals.ts";
import { aboutLines } from "../python/head.ts";
import { clipsIn } from "../python/steps.ts";
import { distances, hasEndedRows, isPadded, type Reproduction, shownTimesteps } from "../reproduction.ts";
import type { ScriptOptions, Target } from "../target.ts";
import { dataTensors, layerName, momentTensors, type NamedTensor, parameterTensors } from "../tensors.ts";

const camel = (name: string) =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).replace(/_(\d+)$/, "$1");

const layout = { gates: "columns: gates i, j, f, o of each unit" };

function tensors(reproduction: Reproduction): NamedTensor[] {
  const named = [
    ...parameterTensors(reproduction, layout),
    ...momentTensors(reproduction, layout),
    ...dataTensors(reproduction),
  ];
  return named.map((tensor) => ({ ...tensor, name: camel(tensor.name) }));
}

/** The reproduction as a script for Node with tensorflow.js on plain JavaScript. */
function script(reproduction: Reproduction, { inFile }: ScriptOptions): string[] {
  const made = tensors(reproduction).map((tensor) => tensorLines(tensor, nestedStyle, { indent: 0, inFile }));
  const texts = made.flatMap(({ block }) => block);
  const { batch } = reproduction;
  return [
    "// A training step of an LSTM that should end in finite numbers.",
    "// Exit status: 1 it does not, 0 it does, 125 this cannot run.",
    ...commentLines(aboutLines(reproduction).join(" "), "//", JAVASCRIPT_WIDTH),
    "const zeros = (size, ...rest) =>",
    "  Array.from({ length: size }, () => (rest.length ? zeros(...rest) : 0));",
    ...(texts.length > 0 ? READER : []),
    ...texts,
    "",
    "async function main() {",
    '  const tf = await import("@tensorflow/tfjs");',
    '  await tf.setBackend("cpu");',
    ...(inFile
      ? [
          '  const { readFileSync } = await import("node:fs");',
          '  const text = readFileSync(process.argv[1] + ".json", "utf8");',
          "  const data = JSON.parse(text, (_, value) =>",
          '    typeof value === "string" ? Number(value) : value,',
          "  );",
        ]
      : []),
    ...indented([...made.flatMap(({ lines }) => lines), ...layerList(reproduction)]),
    ...(asksLengths(reproduction) ? [`  const lengths = [${Array.from(batch.lengths).join(", ")}];`] : []),
    `  const TIME = ${batch.run};`,
    "",
    ...indented(float64Lines(reproduction)),
    ...indented(tensorflowLines(reproduction)),
    ...indented(endLines(reproduction)),
    "}",
    "",
    "main().catch((error) => {",
    "  console.error(error);",
    "  process.exitCode = 125;",
    "});",
  ];
}

const READER = [
  "const numbers = (text, ...shape) => {",
  "  const values = text.trim().split(/\\s+/).map(Number);",
  "  const fill = (size, ...rest) =>",
  "    Array.from({ length: size }, () =>",
  "      rest.length ? fill(...rest) : values.shift(),",
  "    );",
  "  return fill(...shape);",
  "};",
];

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

function asksLengths(reproduction: Reproduction): boolean {
  return hasEndedRows(reproduction) || reproduction.loss.padding === "masked";
}

function layerList(reproduction: Reproduction): string[] {
  return [
    "const LAYERS = [",
    ...reproduction.layers.flatMap(({ inputs, units, activation }, l) => {
      const name = (of: string) => camel(layerName(reproduction, of, l));
      const field = (of: string) => (name(of) === camel(of) ? name(of) : `${camel(of)}: ${name(of)}`);
      return [
        "  {",
        `    inputs: ${inputs},`,
        `    units: ${units},`,
        `    activation: "${activation}",`,
        ...["kernel", "recurrent_kernel", "bias"].map((of) => `    ${field(of)},`),
        "  },",
      ];
    }),
    "];",
  ];
}

/** `float32(...parameters)`, the loss in tensorflow.js; `heat` and `squaresOf` are noted on the way. */
function tensorflowLines(reproduction: Reproduction): string[] {
  const { model, batch, layers, loss } = reproduction;
  const masked = hasEndedRows(reproduction);
  const forget = model.forgetBias === 0 ? "f" : `tf.add(f, ${n(model.forgetBias)})`;
  const used = [...new Set(layers.map(({ activation }) => activation))];
  const grown =
    model.cellClip === undefined
      ? "grown"
      : `tf.clipByValue(grown, -${n(model.cellClip)}, ${n(model.cellClip)})`;
  const z = model.gradientClip === undefined || reproduction.depth === "loss" ? "z" : "holdGradient(z)";
  return [
    ...(z === "z" ? [] : holdGradient(model.gradientClip ?? 0)),
    "const activations = {",
    ...used.map((name) => `  ${name}: ${name === "linear" ? "(z) => z" : `tf.${name}`},`),
    "};",
    ...unitFunction(reproduction),
    "const heat = [];",
    ...(reproduction.site.phase === "normalise" ? ["let largestSquares = 0;"] : []),
    "",
    "function float32(...parameters) {",
    "  let states = LAYERS.map(({ units }) => {",
    `    const start = tf.zeros([${batch.rows}, units]);`,
    "    return [start, start];",
    "  });",
    "  const outputs = [];",
    "  for (let t = 0; t < TIME; t++) {",
    "    let h = tf.tensor(x.map((row) => row[t]));",
    "    const cells = [];",
    ...(masked ? ["    const running = tf.tensor(lengths.map((length) => [length > t]));"] : []),
    "    states = states.map(([oldC, oldH], l) => {",
    "      const [kernel, recurrentKernel, bias] = parameters.slice(3 * l);",
    "      const products = tf.add(",
    "        tf.matMul(h, kernel),",
    "        tf.matMul(oldH, recurrentKernel),",
    "      );",
    "      const z = tf.add(products, bias);",
    `      const [i, j, f, o] = tf.split(${z}, 4, 1);`,
    "      const activation = activations[LAYERS[l].activation];",
    `      const kept = tf.mul(tf.sigmoid(${forget}), oldC);`,
    "      const grown = tf.add(kept, tf.mul(tf.sigmoid(i), activation(j)));",
    `      const c = ${grown};`,
    "      h = tf.mul(tf.sigmoid(o), activation(c));",
    "      cells.push(...tf.abs(c).dataSync());",
    ...(masked
      ? [
          "      // What has ended is thrown away.",
          "      return [tf.where(running, c, oldC), tf.where(running, h, oldH)];",
        ]
      : ["      return [c, h];"]),
    "    });",
    "    heat.push(Math.max(...cells));",
    masked ? "    outputs.push(tf.where(running, h, tf.zerosLike(h)));" : "    outputs.push(h);",
    "  }",
    ...(isPadded(reproduction)
      ? [`  while (outputs.length < ${batch.time}) outputs.push(tf.zerosLike(outputs[0]));`]
      : []),
    "  const output = tf.stack(outputs, 1);",
    ...(reproduction.site.phase === "normalise"
      ? ["  largestSquares = tf.max(tf.sum(tf.square(output), -1)).dataSync()[0];"]
      : []),
    "  const products = tf.mul(unitTensor(tf.tensor(y)), unitTensor(output));",
    ...cosine(reproduction),
    ...(loss.l2 === 0
      ? ["  return cosine;"]
      : [
          "  const halves = parameters.map((p) => tf.mul(tf.sum(tf.square(p)), 0.5));",
          `  return tf.add(cosine, tf.mul(tf.addN(halves), ${n(loss.l2)}));`,
        ]),
    "}",
    "",
  ];
}

function cosine(reproduction: Reproduction): string[] {
  const { loss, batch } = reproduction;
  const axis = loss.axis === "time" ? 1 : 2;
  if (loss.padding === "counted") return [`  const cosine = tf.mean(tf.sub(1, tf.sum(products, ${axis})));`];
  const counted =
    axis === 1 ? "(length > 0 ? [1] : [0])" : `zeros(${batch.time}).map((_, t) => (t < length ? 1 : 0))`;
  return [
    "  const inside = lengths.map((length) =>",
    `    zeros(${batch.time}).map((_, t) => [t < length]),`,
    "  );",
    "  const kept = tf.where(tf.tensor(inside), products, tf.zerosLike(products));",
    ...countedLines(counted),
    `  const distances = tf.mul(tf.sub(1, tf.sum(kept, ${axis})), counted);`,
    `  const cosine = tf.div(tf.sum(distances), ${distances(reproduction)});`,
  ];
}

/** Which distances count, a 1 or 0 each. */
function countedLines(each: string): string[] {
  const line = `  const ones = lengths.map((length) => ${each});`;
  const broken = ["  const ones = lengths.map((length) =>", `    ${each},`, "  );"];
  // The function that it stands in is two columns in.
  const lines = line.length + 2 <= JAVASCRIPT_WIDTH ? [line] : broken;
  return [...lines, "  const counted = tf.tensor(ones);"];
}

function unitFunction({ loss: { normalise } }: Reproduction): string[] {
  const of = {
    tensorflow: "tf.mul(v, tf.rsqrt(tf.maximum(sums, 1e-12)))",
    naive: "tf.div(v, tf.sqrt(sums))",
    epsilon: `tf.div(v, tf.add(tf.sqrt(sums), ${normalise.kind === "epsilon" ? n(normalise.epsilon) : "0"}))`,
    safe: "tf.div(v, tf.maximum(tf.sqrt(sums), 1e-6))",
  }[normalise.kind];
  return [
    "const unitTensor = (v) => {",
    "  const sums = tf.sum(tf.square(v), -1, true);",
    `  return ${of};`,
    "};",
  ];
}

function holdGradient(limit: number): string[] {
  return [
    "const holdGradient = tf.customGrad((z) => ({",
    "  value: tf.clone(z),",
    `  gradFunc: (d) => tf.minimum(tf.maximum(d, -${n(limit)}), ${n(limit)}),`,
    "}));",
  ];
}

/** Runs both, and tells. */
function endLines(reproduction: Reproduction): string[] {
  const { depth } = reproduction;
  const { from, to } = shownTimesteps(reproduction);
  const deep = depth !== "loss";
  const shown = (name: string) => [
    "console.log(",
    `  "${name}: log10 of the largest |cell| at timesteps ${from} to ${to}:",`,
    `  ${name === "float64" ? "exact.heat" : "heat"}.slice(${from}, ${to + 1}).map(log).join(" "),`,
    ");",
  ];
  return [
    "const log = (value) => String(Math.round(10 * Math.log10(value)) / 10);",
    "const exact = float64();",
    ...shown("float64"),
    ...(deep
      ? [
          "// The squares are what a norm and Adam's second moment are made of.",
          "const values = [...exact.gradients, squares(exact.gradients), exact.loss];",
          "const lives = values.every(Number.isFinite);",
        ]
      : ["const lives = Number.isFinite(exact.loss);"]),
    `console.log("float64", lives ? "lives:" : "dies:", "the loss is", exact.loss);`,
    "",
    "const parameters = LAYERS.flatMap((layer) => [",
    "  tf.tensor(layer.kernel),",
    "  tf.tensor(layer.recurrentKernel),",
    "  tf.tensor(layer.bias),",
    "]);",
    ...(deep ? deepLines(reproduction) : ["const found = { loss: [float32(...parameters)] };"]),
    ...shown("float32"),
    ...(reproduction.site.phase === "normalise"
      ? ['console.log("the largest sum of squares:", largestSquares);']
      : []),
    "for (const [name, tensors] of Object.entries(found)) {",
    "  const values = tensors.flatMap((tensor) => [...tensor.dataSync()]);",
    "  const wrong = values.find((value) => !Number.isFinite(value));",
    "  if (wrong === undefined) continue;",
    '  const word = String(wrong).replace("Infinity", "inf").replace("NaN", "nan");',
    '  console.log("float32 dies");',
    `  console.log(name + ": expected finite, got " + word);`,
    "  process.exitCode = 1;",
    "  return;",
    "}",
    'console.log("float32 lives");',
  ];
}

/** The gradient, the clip and the update, as far as the death asks for them. */
function deepLines(reproduction: Reproduction): string[] {
  const { optimizer, depth } = reproduction;
  const clipped = clipsIn(reproduction);
  const used = clipped ? "clipped" : "gradients";
  const limit = optimizer.clip.kind === "none" ? "" : n(optimizer.clip.limit);
  const adam = depth === "update" && optimizer.kind === "adam";
  return [
    "const { value, grads: gradients } = tf.valueAndGrads(float32)(parameters);",
    ...(clipped && optimizer.clip.kind === "globalNorm"
      ? [
          "const sums = tf.addN(gradients.map((g) => tf.sum(tf.square(g))));",
          "const [size] = tf.sqrt(sums).dataSync();",
          "// As TensorFlow clips: NaN where the norm is not finite.",
          `const scale = ${limit} * Math.min(1 / size, 1 / ${limit}) + (size - size);`,
          "const clipped = gradients.map((g) => tf.mul(g, scale));",
        ]
      : []),
    ...(clipped && optimizer.clip.kind === "value"
      ? [`const clipped = gradients.map((g) => tf.clipByValue(g, -${limit}, ${limit}));`]
      : []),
    ...(depth === "update" ? updateLines(reproduction, used) : []),
    "const found = {",
    "  loss: [value],",
    ...(clipped && optimizer.clip.kind === "value" ? [] : ["  gradient: gradients,"]),
    ...(clipped ? ['  "clipped gradient": clipped,'] : []),
    ...(adam ? ['  "first moment": first,', '  "second moment": second,'] : []),
    ...(depth === "update" ? ["  weight: weights,"] : []),
    "};",
  ];
}

/** `weights` and, with Adam, its moments after an update by what `of` names. */
function updateLines({ optimizer, updatesBefore, moments, ...rest }: Reproduction, of: string): string[] {
  const rate = n(optimizer.learningRate);
  if (optimizer.kind === "sgd")
    return [
      "const weights = parameters.map((p, k) => {",
      `  const change = tf.mul(${of}[k], ${rate});`,
      "  return tf.sub(p, change);",
      "});",
    ];
  const t = updatesBefore + 1;
  const [b1, b2, epsilon] = [optimizer.beta1, optimizer.beta2, optimizer.epsilon].map(n);
  const names = (which: string) =>
    rest.layers.flatMap((_, l) =>
      ["kernel", "recurrent_kernel", "bias"].map(
        (name) => `  ${camel(layerName(rest, `${which}_moment_of_${name}`, l))},`,
      ),
    );
  const before = (which: string) =>
    moments === null
      ? [`const ${which}Before = parameters.map((p) => tf.zerosLike(p));`]
      : [`const ${which}Before = [`, ...names(which), "].map((values) => tf.tensor(values));"];
  const moved = (which: string, taken: string, rest: string) =>
    optimizer.form === "tf1"
      ? [
          `const ${which} = ${which}Before.map((m, k) => {`,
          `  const change = tf.sub(${taken}, m);`,
          `  return tf.add(m, tf.mul(change, 1 - ${rest}));`,
          "});",
        ]
      : [
          `const ${which} = ${which}Before.map((m, k) => {`,
          `  const change = tf.mul(${taken}, 1 - ${rest});`,
          `  return tf.add(tf.mul(m, ${rest}), change);`,
          "});",
        ];
  const by =
    optimizer.form === "tf1"
      ? [
          `const unbiased = Math.sqrt(1 - ${b2} ** ${t}) / (1 - ${b1} ** ${t});`,
          "const weights = parameters.map((p, k) => {",
          `  const spread = tf.add(tf.sqrt(second[k]), ${epsilon});`,
          `  return tf.sub(p, tf.div(tf.mul(first[k], ${rate} * unbiased), spread));`,
          "});",
        ]
      : [
          "const weights = parameters.map((p, k) => {",
          `  const mean = tf.div(first[k], 1 - ${b1} ** ${t});`,
          `  const spread = tf.sqrt(tf.div(second[k], 1 - ${b2} ** ${t}));`,
          `  const change = tf.div(mean, tf.add(spread, ${epsilon}));`,
          `  return tf.sub(p, tf.mul(change, ${rate}));`,
          "});",
        ];
  return [
    ...before("first"),
    ...before("second"),
    ...moved("first", `${of}[k]`, b1 ?? ""),
    ...moved("second", `tf.square(${of}[k])`, b2 ?? ""),
    ...by,
  ];
}

function refuses({ loss, optimizer, depth }: Reproduction): string | null {
  if (loss.normalise.kind === "safe")
    return "it has no gradient that passes by a part of a formula (loss.normalise safe)";
  if ((depth === "clip" || depth === "update") && optimizer.clip.kind === "safeGlobalNorm")
    return "it has no clip by a safe global norm";
  if (depth !== "update") return null;
  if (optimizer.skipNonFinite) return "its optimizers skip no update (optimizer.skipNonFinite)";
  return null;
}

/** tensorflow.js. */
export const tfjs: Target = {
  title: "TensorFlow.js",
  language: "javascript",
  command: "node",
  packages: ["@tensorflow/tfjs"],
  refuses,
  tensors,
  script,
};
