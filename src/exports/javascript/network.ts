import { distances, hasEndedRows, isPadded, type Reproduction } from "../reproduction.ts";
import { JAVASCRIPT_WIDTH, javascriptNumber as n } from "./literals.ts";

/** `float32(...parameters)`, the loss in tensorflow.js; `heat` and `squaresOf` are noted on the way. */
export function tensorflowLines(reproduction: Reproduction): string[] {
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
  // The function that it is in is two columns in.
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
