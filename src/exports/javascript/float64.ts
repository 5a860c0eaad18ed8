import { distances, hasEndedRows, type Reproduction } from "../reproduction.ts";
import { javascriptNumber } from "./literals.ts";

const n = javascriptNumber;

/** The script's float64 activations with their slopes, by name. */
const ACTIVATIONS = {
  relu: "relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],",
  tanh: "tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],",
  sigmoid: "sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],",
  linear: "linear: [(z) => z, () => 1],",
} as const;

/**
 * The reproduction in float64, which plain numbers of JavaScript are and tensorflow.js has not: `float64()` gives `loss`,
 * `heat` and, where the death asks for them, `gradients` in one list. Rows are computed one by one: none feeds into another.
 */
export function float64Lines(reproduction: Reproduction): string[] {
  const { layers, batch, depth } = reproduction;
  const used = [...new Set(layers.map(({ activation }) => activation))].map((name) => ACTIVATIONS[name]);
  const deep = depth !== "loss";
  return [
    "// The same in float64, as JavaScript computes and tensorflow.js does not.",
    "const sigmoid = (z) => 1 / (1 + Math.exp(-z));",
    "const FUNCTIONS = {",
    ...used.map((line) => `  ${line}`),
    "};",
    "",
    ...unitFunctions(reproduction),
    ...cellFunction(reproduction),
    ...(deep ? cellGradient(reproduction) : []),
    "function float64() {",
    "  const heat = zeros(TIME);",
    ...(deep
      ? [
          "  const gradients = LAYERS.map(({ units, inputs }) => zeros(inputs + units + 1, 4 * units));",
        ].flatMap(split)
      : []),
    `  const outputs = zeros(${batch.rows}, ${batch.time}, ${layers.at(-1)?.units ?? 0});`,
    "  const tapes = outputs.map((output, row) => {",
    "    let states = LAYERS.map(({ units }) => [zeros(units), zeros(units)]);",
    "    return x[row].slice(0, TIME).map((input, t) => {",
    "      let below = input;",
    "      const tape = LAYERS.map((layer, l) => {",
    "        const made = cell(layer, below, ...states[l]);",
    "        below = made.h;",
    "        return made;",
    "      });",
    "      const cells = tape.flatMap(({ c }) => c.map(Math.abs));",
    "      heat[t] = Math.max(heat[t], ...cells);",
    ...(hasEndedRows(reproduction) ? ["      if (t >= lengths[row]) return tape; // thrown away"] : []),
    "      states = tape.map(({ c, h }) => [c, h]);",
    "      output[t] = below;",
    "      return tape;",
    "    });",
    "  });",
    ...lossOf(reproduction),
    ...(deep ? backward(reproduction) : ["  return { loss, heat };"]),
    "}",
    "",
  ];
}

function split(line: string): string[] {
  if (line.length <= 80) return [line];
  const at = line.indexOf("=> zeros");
  return [
    `${line.slice(0, line.indexOf("LAYERS.map("))}LAYERS.map(({ units, inputs }) =>`,
    `    ${line.slice(at + 3, -2)},`,
    "  );",
  ];
}

/** `unit(v)`, and with a gradient to take `unitGradient(v, d)`. */
function unitFunctions({ loss: { normalise }, depth }: Reproduction): string[] {
  const epsilon = normalise.kind === "epsilon" ? ` + ${n(normalise.epsilon)}` : "";
  const norm = {
    tensorflow: "Math.sqrt(Math.max(squares(v), 1e-12))",
    naive: "Math.sqrt(squares(v))",
    epsilon: `Math.sqrt(squares(v))${epsilon}`,
    safe: "Math.max(Math.sqrt(squares(v)), 1e-6)",
  }[normalise.kind];
  const moves = {
    tensorflow: "squares(v) >= 1e-12 ? 1 / norm(v) : 0",
    naive: "1 / norm(v)",
    epsilon: "1 / Math.sqrt(squares(v))",
    safe: "norm(v) > 1e-6 ? 1 / norm(v) : 0",
  }[normalise.kind];
  return [
    "const dot = (a, b) => a.reduce((sum, value, k) => sum + value * b[k], 0);",
    "const squares = (v) => dot(v, v);",
    `const norm = (v) => ${norm};`,
    "const unit = (v) => v.map((value) => value / norm(v));",
    ...(depth === "loss"
      ? []
      : [
          "const unitGradient = (v, d) => {",
          `  const slope = ${moves};`,
          "  const along = (dot(d, v) / norm(v) ** 2) * slope;",
          "  return v.map((value, k) => d[k] / norm(v) - value * along);",
          "};",
        ]),
    "",
  ];
}

function cellFunction({ model }: Reproduction): string[] {
  const forget = model.forgetBias === 0 ? "f[k]" : `f[k] + ${n(model.forgetBias)}`;
  const limit = model.cellClip === undefined ? null : n(model.cellClip);
  return [
    "function cell(layer, x, c0, h0) {",
    "  const { units, kernel, recurrentKernel, bias, activation } = layer;",
    "  const [act] = FUNCTIONS[activation];",
    "  const z = bias.map(",
    "    (b, k) =>",
    "      b +",
    "      x.reduce((sum, value, i) => sum + value * kernel[i][k], 0) +",
    "      h0.reduce((sum, value, i) => sum + value * recurrentKernel[i][k], 0),",
    "  );",
    "  const [i, j, f, o] = [0, 1, 2, 3].map((gate) =>",
    "    z.slice(gate * units, (gate + 1) * units),",
    "  );",
    "  const grown = c0.map(",
    `    (value, k) => sigmoid(${forget}) * value + sigmoid(i[k]) * act(j[k]),`,
    "  );",
    limit === null
      ? "  const c = grown;"
      : `  const c = grown.map((value) => Math.min(Math.max(value, -${limit}), ${limit}));`,
    "  const h = c.map((value, k) => sigmoid(o[k]) * act(value));",
    "  return { x, c0, h0, i, j, f, o, grown, c, h };",
    "}",
    "",
  ];
}

function cellGradient({ model }: Reproduction): string[] {
  const forget = model.forgetBias === 0 ? "f[k]" : `f[k] + ${n(model.forgetBias)}`;
  const open = "(z) => sigmoid(z) * (1 - sigmoid(z))";
  const passes = model.cellClip === undefined ? "" : ` * (Math.abs(grown[k]) > ${n(model.cellClip)} ? 0 : 1)`;
  const limit = model.gradientClip === undefined ? null : n(model.gradientClip);
  return [
    "function cellGradient(layer, tape, dc, dh) {",
    "  const { units, kernel, recurrentKernel, activation } = layer;",
    `  const { c0, i, j, f, o, ${model.cellClip === undefined ? "" : "grown, "}c } = tape;`,
    "  const [act, slope] = FUNCTIONS[activation];",
    `  const opened = ${open};`,
    "  const dz = zeros(4 * units);",
    "  const kept = dc.map((value, k) => {",
    "    const through = dh[k] * sigmoid(o[k]) * slope(c[k]);",
    passes === "" ? "    const d = value + through;" : `    const d = (value + through)${passes};`,
    "    dz[k] = d * act(j[k]) * opened(i[k]);",
    "    dz[units + k] = d * sigmoid(i[k]) * slope(j[k]);",
    `    dz[2 * units + k] = d * c0[k] * opened(${forget});`,
    "    dz[3 * units + k] = dh[k] * act(c[k]) * opened(o[k]);",
    `    return d * sigmoid(${forget});`,
    "  });",
    ...(limit === null
      ? []
      : [`  dz.forEach((d, k) => (dz[k] = Math.min(Math.max(d, -${limit}), ${limit})));`]),
    "  const back = (rows) => rows.map((row) => dot(row, dz));",
    "  return { dz, dc: kept, dh: back(recurrentKernel), dx: back(kernel) };",
    "}",
    "",
  ];
}

/** `loss`, and the weight of each product of unit vectors in it. */
function lossOf(reproduction: Reproduction): string[] {
  const { loss, layers, batch } = reproduction;
  const masked = loss.padding === "masked";
  const counted = distances(reproduction);
  const width = layers.at(-1)?.units ?? 0;
  const lines = masked ? batch.lengths.filter((length) => length > 0).length * width : batch.rows * width;
  const ones =
    loss.axis === "time"
      ? lines
      : masked
        ? Array.from(batch.lengths).reduce((a, b) => a + b, 0)
        : batch.rows * batch.time;
  return [
    `  let loss = ${ones} / ${counted};`,
    "  outputs.forEach((output, row) =>",
    "    output.forEach((v, t) => {",
    ...(masked ? ["      if (t >= lengths[row]) return;"] : []),
    `      loss -= dot(unit(y[row][t]), unit(v)) / ${counted};`,
    "    }),",
    "  );",
    ...(loss.l2 === 0
      ? []
      : [
          "  const rows = LAYERS.map((l) => [l.kernel, l.recurrentKernel, [l.bias]]);",
          "  const weights = rows.flat(3);",
          `  loss += ${n(loss.l2)} * (squares(weights) / 2);`,
        ]),
  ];
}

function backward(reproduction: Reproduction): string[] {
  const { loss } = reproduction;
  const masked = hasEndedRows(reproduction);
  const counted = distances(reproduction);
  const weight = loss.padding === "masked" ? "(t < lengths[row] ? -1 : 0)" : "-1";
  return [
    "  tapes.forEach((timesteps, row) => {",
    "    let back = LAYERS.map(({ units }) => [zeros(units), zeros(units)]);",
    "    for (let t = TIME - 1; t >= 0; t--) {",
    ...(masked ? ["      if (t >= lengths[row]) continue;"] : []),
    `      const weight = ${weight} / ${counted};`,
    "      const d = unit(y[row][t]).map((value) => weight * value);",
    "      let above = unitGradient(outputs[row][t], d);",
    "      back = LAYERS.map((_, at) => at)",
    "        .reverse()",
    "        .map((l) => {",
    "          const [dc, dh] = back[l];",
    "          const sum = dh.map((value, k) => value + above[k]);",
    "          const tape = timesteps[t][l];",
    "          const made = cellGradient(LAYERS[l], tape, dc, sum);",
    "          const rows = [...tape.x, ...tape.h0, 1];",
    "          rows.forEach((value, i) =>",
    "            made.dz.forEach((dz, k) => (gradients[l][i][k] += value * dz)),",
    "          );",
    "          above = made.dx;",
    "          return [made.dc, made.dh];",
    "        })",
    "        .reverse();",
    "    }",
    "  });",
    ...(loss.l2 === 0
      ? ["  return { loss, heat, gradients: gradients.flat(2) };"]
      : [
          `  const flat = gradients.flat(2).map((g, k) => g + ${n(loss.l2)} * weights[k]);`,
          "  return { loss, heat, gradients: flat };",
        ]),
  ];
}
