import { type Node, Visitor } from "oxc-parser";
import type { Edit } from "./mutant.ts";
import { Functions, type Source, textOf } from "./source.ts";

type Span = Pick<Node, "start" | "end">;

/** Operators, and calls on tensors, that are taken one for another. */
const SWAPPED: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "tf.add": "tf.sub",
  "tf.sub": "tf.add",
  "tf.mul": "tf.div",
  "tf.div": "tf.mul",
  "tf.minimum": "tf.maximum",
  "tf.maximum": "tf.minimum",
  "Math.min": "Math.max",
  "Math.max": "Math.min",
};
/** Calls of one argument that are left out, their argument staying. */
const DROPPED = new Set(["Math.sqrt", "tf.sqrt", "tf.square", "norm"]);
/** Roundings are left out where bits are promised; one ulp more or less is nothing that a recording could tell. */
const ROUNDINGS = new Set(["f", "Math.fround"]);

/**
 * Breaks the TypeScript of a step: each condition taken for true and for false, each operand of `&&` and `||` left out, an
 * operator for its neighbour, a rounding or a root left out, an assignment or a write to the kernels left out.
 *
 * @param only Functions to keep to; all when it is left out.
 */
export function stepEdits(source: Source, only?: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  const sameBits = !source.file.includes("/tfjs/");
  const functions = new Functions();
  const replace = ({ start, end }: Span, ...texts: string[]) => {
    if (only && !only.includes(functions.name)) return;
    for (const after of texts) edits.push({ within: functions.name, start, end, after });
  };
  const change = (shown: Span, { start, end }: Span, after: string) => {
    if (only && !only.includes(functions.name)) return;
    edits.push({ within: functions.name, start, end, after, shown });
  };
  const condition = (node: Node) => replace(node, "true", "false");
  new Visitor({
    FunctionDeclaration: ({ id }) => functions.enter(id?.name ?? ""),
    "FunctionDeclaration:exit": () => functions.leave(),
    MethodDefinition: ({ key }) => functions.enter(textOf(source, key)),
    "MethodDefinition:exit": () => functions.leave(),
    IfStatement: ({ test }) => condition(test),
    ConditionalExpression: ({ test }) => condition(test),
    LogicalExpression: (node) => {
      const { left, operator, right } = node;
      if (operator === "??") return;
      const neutral = String(operator === "&&");
      change(node, left, neutral);
      change(node, right, neutral);
    },
    BinaryExpression: (node) => {
      const { left, operator, right } = node;
      const swapped = SWAPPED[operator];
      if (swapped === undefined) return;
      const start = source.text.indexOf(operator, left.end);
      if (start < right.start) change(node, { start, end: start + operator.length }, swapped);
    },
    CallExpression: (node) => {
      const callee = textOf(source, node.callee);
      const [first] = node.arguments;
      const dropped = DROPPED.has(callee) || (sameBits && ROUNDINGS.has(callee));
      if (dropped && first) replace(node, `(${textOf(source, first)})`);
      if (callee === "Number.isFinite" || callee === "allFinite") replace(node, "true", "false");
      const swapped = SWAPPED[callee];
      if (swapped !== undefined) change(node, node.callee, swapped);
    },
    ExpressionStatement: (node) => {
      const { expression } = node;
      const call = expression.type === "CallExpression" ? textOf(source, expression.callee) : "";
      if (expression.type === "AssignmentExpression" || /^(this\.|arena\.|write|floats\.|check)/.test(call))
        replace(node, ";");
    },
  }).visit(source.program);
  return edits;
}
