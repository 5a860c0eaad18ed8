import { type Reproduction, shownTimesteps } from "../reproduction.ts";
import { stepLines } from "./step.ts";

/** The statements that run both and print the result. */
export function endLines(reproduction: Reproduction): string[] {
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
    ...(deep ? stepLines(reproduction) : ["const found = { loss: [float32(...parameters)] };"]),
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
