import { decimal } from "../literals.ts";
import { distances, type Reproduction } from "../reproduction.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { statement } from "./head.ts";
import { PYTHON_WIDTH } from "./literals.ts";

/** A number of a case, as Python reads it. */
export function pythonNumber(value: number): string {
  return decimal(value, { nan: 'float("nan")', infinity: 'float("inf")' });
}

/** `def unit(v)`: unit vectors along the last axis, in the form that the loss names. */
export function unitFunction({ loss }: Reproduction, math: Arithmetic): string[] {
  const squares = `squares = ${math.squaresKept("v")}`;
  const body = {
    tensorflow: () => tensorflowUnit(math),
    naive: () => [squares, `return v / ${math.sqrt("squares")}`],
    epsilon: () => [squares, `return v / (${math.sqrt("squares")} + ${epsilonOf(loss)})`],
    safe: () => [
      `largest = ${math.constant(math.maxKept(math.abs("v")))}`,
      `scaled = v / ${math.where("largest > 0", "largest", "largest + 1")}`,
      `squares = ${math.squaresKept("scaled")}`,
      `norm = ${math.sqrt(math.where("squares > 0", "squares", "squares + 1"))}`,
      `return ${math.where("largest * norm > 1e-6", "scaled / norm", "v / 1e-6")}`,
    ],
  }[loss.normalise.kind]();
  return ["def unit(v):", ...body.map((line) => `    ${line}`)];
}

/** tf.nn.l2_normalize, on one line where that fits. */
function tensorflowUnit(math: Arithmetic): string[] {
  const of = (squares: string) => {
    const factor = math.rsqrt(math.atLeast(squares, "1e-12"));
    return `return v * ${factor.startsWith("1 /") ? `(${factor})` : factor}`;
  };
  const line = of(math.squaresKept("v"));
  if (line.length + 4 <= PYTHON_WIDTH) return [line];
  return [`squares = ${math.squaresKept("v")}`, of("squares")];
}

function epsilonOf({ normalise }: Reproduction["loss"]): string {
  return normalise.kind === "epsilon" ? pythonNumber(normalise.epsilon) : "0.0";
}

/** The statements that make `loss` of `y`, `output`, `lengths` and, with a regulariser, `parameters`. */
export function lossLines(
  reproduction: Reproduction,
  math: Arithmetic,
  { indent, regularised = "parameters" }: { indent: number; regularised?: string },
): string[] {
  const { loss } = reproduction;
  const axis = loss.axis === "time" ? 1 : 2;
  const products = "unit(y) * unit(output)";
  const cosine =
    loss.padding === "counted"
      ? [`loss = ${math.mean(`1 - ${math.sum(products, axis)}`)}`]
      : maskedLoss(reproduction, math, { axis, products });
  if (loss.l2 === 0) return cosine;
  const halves = `sum(${math.sum(math.square("p"))} / 2 for p in ${regularised})`;
  return [...cosine, ...statement("loss = loss + (", [`${pythonNumber(loss.l2)} * ${halves}`], ")", indent)];
}

/** Timesteps past a row's end add nothing to a sum, and distances that lie wholly in padding are left out. */
function maskedLoss(
  reproduction: Reproduction,
  math: Arithmetic,
  { axis, products }: { axis: 1 | 2; products: string },
): string[] {
  const time = reproduction.batch.time;
  const counted = axis === 1 ? "(lengths > 0)[:, None]" : "running";
  return [
    `running = ${math.range(String(time))} < lengths[:, None]`,
    `kept = ${math.where("running[:, :, None]", products, "0.0")}`,
    `distances = 1 - ${math.sum("kept", axis)}`,
    `counted = ${math.where(counted, "distances", "0.0")}`,
    `loss = ${math.sum("counted")} / ${distances(reproduction)}`,
  ];
}
