import type { Reproduction } from "../reproduction.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { comprehension, statement } from "./head.ts";
import { pythonNumber } from "./loss.ts";

/** The library that the lines of an update call, and the columns before them. */
interface LineStyle {
  math: Arithmetic;
  indent: number;
}

/** The statement that makes `clipped` of `gradients`, as TensorFlow clips; empty where nothing is clipped. */
export function clipLines({ optimizer: { clip } }: Reproduction, { math, indent }: LineStyle): string[] {
  if (clip.kind === "none") return [];
  const limit = pythonNumber(clip.limit);
  const each = (item: string) => comprehension("clipped", [item, "for g in gradients"], indent);
  switch (clip.kind) {
    case "value":
      return each(math.clip("g", limit));
    case "globalNorm":
      return [
        ...statement(
          "norm = (",
          [math.sqrt(`sum(${math.sum(math.square("g"))} for g in gradients)`)],
          ")",
          indent,
        ).map(unbracketed),
        `scale = min(1 / norm, 1 / ${limit}) * ${limit} + (norm - norm)  # NaN if norm is inf`,
        ...each("g * scale"),
      ];
    case "safeGlobalNorm":
      return [
        `largest = max(${math.max(math.abs("g"))} for g in gradients)`,
        "scale = 1.0 if largest == 0 else largest",
        ...statement(
          "norm = (",
          [math.sqrt(`sum(${math.sum(math.square("g / scale"))} for g in gradients)`)],
          ")",
          indent,
        ).map(unbracketed),
        ...each(`g / scale * (${limit} / norm) if scale * norm > ${limit} else g`),
      ];
  }
}

/** `NAME = (X)` on one line needs no brackets. */
function unbracketed(line: string): string {
  const match = /^(\w+ = )\((.*)\)$/.exec(line);
  return match === null ? line : `${match[1]}${match[2]}`;
}

/** The statements that make the next `parameters`, `first` and `second` of `gradients`. */
export function updateLines(
  { optimizer, updatesBefore }: Reproduction,
  { math, indent, gradients }: LineStyle & { gradients: string },
): string[] {
  const list = (name: string, item: string, names: string, lists: string) =>
    comprehension(name, [item, `for ${names} in zip(${lists})`], indent);
  const rate = pythonNumber(optimizer.learningRate);
  if (optimizer.kind === "sgd")
    return list("parameters", `p - ${rate} * g`, "p, g", `parameters, ${gradients}`);
  const t = updatesBefore + 1;
  const [b1, b2, epsilon] = [optimizer.beta1, optimizer.beta2, optimizer.epsilon].map(pythonNumber);
  const all = "parameters, first, second";
  if (optimizer.form === "tf1")
    return [
      `rate = ${rate} * (1 - ${b2}**${t}) ** 0.5 / (1 - ${b1}**${t})`,
      ...list("first", `m + (g - m) * (1 - ${b1})`, "m, g", `first, ${gradients}`),
      ...list("second", `v + (${math.square("g")} - v) * (1 - ${b2})`, "v, g", `second, ${gradients}`),
      ...list("parameters", `p - rate * m / (${math.sqrt("v")} + ${epsilon})`, "p, m, v", all),
    ];
  return [
    ...list("first", `${b1} * m + (1 - ${b1}) * g`, "m, g", `first, ${gradients}`),
    ...list("second", `${b2} * v + (1 - ${b2}) * ${math.square("g")}`, "v, g", `second, ${gradients}`),
    `mean, spread = 1 - ${b1}**${t}, 1 - ${b2}**${t}`,
    ...list(
      "parameters",
      `p - ${rate} * (m / mean) / (${math.sqrt("v / spread")} + ${epsilon})`,
      "p, m, v",
      all,
    ),
  ];
}
