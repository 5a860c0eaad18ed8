import type { Judge } from "../evidence.ts";
import type { Kind } from "../kinds.ts";
import { kindOf } from "../kinds.ts";
import { forwardOf } from "../unselected.ts";

const ROOTS: readonly Kind[] = ["sqrt", "rsqrt", "norm", "power", "arc"];

/** Kinds by which a gradient of a root is computed. */
const DERIVATIVES: readonly Kind[] = [
  "divide",
  "reciprocal",
  "power",
  "rsqrt",
  "rootGradient",
  "product",
  "divideAdd",
];

/** sqrt, norm, a power, acos at the end of its range: the value is finite, the gradient is not. */
export const rootGradientAtZero: Judge = ({ graph, operation, kind, phase, given }) => {
  if (phase !== "backward" || given !== null) return null;
  if (kind === "rootGradient") return { because: `${operation.operation} is that gradient.` };
  if (!DERIVATIVES.includes(kind)) return null;
  const root = forwardOf(graph, operation).find(
    ({ operation: name, inputs, outputs }) =>
      ROOTS.includes(kindOf(name)) &&
      outputs.every(({ nan, inf }) => nan + inf === 0) &&
      (kindOf(name) === "arc"
        ? inputs.some(({ low, high }) => high >= 1 || low <= -1)
        : [...inputs, ...outputs].some(({ zeros }) => zeros > 0)),
  );
  if (root === undefined) return null;
  const end = kindOf(root.operation) === "arc" ? "1" : "0";
  return {
    because: `${root.operation} is finite at ${end}, and so was its value in the forward pass; its gradient is not.`,
  };
};
