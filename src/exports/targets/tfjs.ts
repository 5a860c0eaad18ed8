import { commentLines } from "../commentLines.ts";
import { endLines } from "../javascript/end.ts";
import { float64Lines } from "../javascript/float64.ts";
import { JAVASCRIPT_WIDTH, nestedStyle } from "../javascript/literals.ts";
import { camelCase } from "../javascript/names.ts";
import { tensorflowLines } from "../javascript/network.ts";
import { tensorLines } from "../literals.ts";
import { asksLengths } from "../python/data.ts";
import { aboutLines } from "../python/head.ts";
import type { Reproduction } from "../reproduction.ts";
import type { ScriptOptions, Target } from "../target.ts";
import { dataTensors, layerName, momentTensors, type NamedTensor, parameterTensors } from "../tensors.ts";

const layout = { gates: "columns: gates i, j, f, o of each unit" };

function tensors(reproduction: Reproduction): NamedTensor[] {
  const named = [
    ...parameterTensors(reproduction, layout),
    ...momentTensors(reproduction, layout),
    ...dataTensors(reproduction),
  ];
  return named.map((tensor) => ({ ...tensor, name: camelCase(tensor.name) }));
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

function layerList(reproduction: Reproduction): string[] {
  return [
    "const LAYERS = [",
    ...reproduction.layers.flatMap(({ inputs, units, activation }, l) => {
      const name = (of: string) => camelCase(layerName(reproduction, of, l));
      const field = (of: string) => (name(of) === camelCase(of) ? name(of) : `${camelCase(of)}: ${name(of)}`);
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
  tracker: "tfjs",
  packages: ["@tensorflow/tfjs"],
  refuses,
  tensors,
  script,
};
