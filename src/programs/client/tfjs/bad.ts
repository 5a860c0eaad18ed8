import type { TraceBad } from "../../trace/trace.ts";
import { view } from "./numbers.ts";
import type { Tensor } from "./types.ts";

/** Kernels that work number by number, their operands stretched to the shape of the output. */
const ELEMENTWISE = new Set(
  `Abs Acos Acosh Add AddN Asin Asinh Atan Atan2 Atanh Cast Ceil ClipByValue Cos Cosh Elu EluGrad Erf Exp Expm1 Floor
   FloorDiv Identity LeakyRelu Log Log1p Maximum Minimum Mod Multiply Neg Pow Prelu RealDiv Reciprocal Relu Relu6 Round
   Rsqrt Select Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square SquaredDifference Step Sub Tan Tanh`.split(
    /\s+/,
  ),
);

/** The first number of the outputs that is not finite, and the operands that made it; null where all are finite. */
export function badOf(
  operation: string,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
): TraceBad | null {
  for (const [output, tensor] of outputs.entries()) {
    if (tensor.dtype !== "float32") continue;
    const at = firstBad(view(tensor));
    if (at < 0) continue;
    const index = unravel(at, tensor.shape);
    const fits = ELEMENTWISE.has(operation) && inputs.every(({ shape }) => isStretched(shape, tensor.shape));
    return {
      output,
      index,
      value: Number(view(tensor)[at]),
      operands: fits ? inputs.map((input) => numberAt(input, index)) : null,
    };
  }
  return null;
}

function firstBad(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

function unravel(at: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = at;
  for (const length of [...shape].reverse()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index;
}

/** True where a shape can be stretched to another: axes are counted from the last, and of length 1 or the same. */
function isStretched(shape: readonly number[], to: readonly number[]): boolean {
  const offset = to.length - shape.length;
  return offset >= 0 && shape.every((length, axis) => length === 1 || length === to[axis + offset]);
}

function numberAt(tensor: Tensor, index: readonly number[]): number | null {
  if (tensor.dtype === "string" || tensor.dtype === "complex64") return null;
  const offset = index.length - tensor.shape.length;
  const at = tensor.shape.reduce(
    (at, length, axis) => at * length + (length === 1 ? 0 : (index[axis + offset] ?? 0)),
    0,
  );
  return Number(view(tensor)[at]);
}
