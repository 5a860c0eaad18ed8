import { clipsIn } from "../python/steps.ts";
import type { Reproduction } from "../reproduction.ts";
import { layerName } from "../tensors.ts";
import { javascriptNumber as n } from "./literals.ts";
import { camelCase } from "./names.ts";

/** The gradient, the clip and the update, as far as the death asks for them. */
export function stepLines(reproduction: Reproduction): string[] {
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
        (name) => `  ${camelCase(layerName(rest, `${which}_moment_of_${name}`, l))},`,
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
