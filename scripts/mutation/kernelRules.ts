import {
  type CallExpression,
  type Expression,
  type Function as Kernel,
  type Node,
  Visitor,
} from "oxc-parser";
import { type Choices, typeName } from "./choices.ts";
import { Conditions } from "./conditions.ts";
import type { Edit } from "./mutant.ts";
import { Functions, type Source, textOf } from "./source.ts";

const COMPARISONS = new Set(["==", "!=", "<", ">", "<=", ">="]);

/**
 * Breaks a kernel source wherever it reads what a case chose:
 * - a scalar doubled, a code changed, and each comparison with one taken for true and for false;
 * - a flag (a name that is a condition by itself, a bool that is passed on, `isFinite`) taken for true and for false;
 * - a mask of lanes left out, and a result not stored.
 *
 * @param boolFunctions Names of all kernel functions that return a bool.
 */
export function kernelEdits(source: Source, choices: Choices, boolFunctions: ReadonlySet<string>): Edit[] {
  const edits: Edit[] = [];
  const functions = new Functions();
  const conditions = new Conditions();
  const flags = new Set<string>();
  const scalars = new Set<string>();
  const done = new Set<string>();
  const replace = (node: Pick<Node, "start" | "end">, ...texts: string[]) => {
    const { start, end } = node;
    if (done.has(`${start}:${end}`)) return;
    done.add(`${start}:${end}`);
    for (const after of texts)
      edits.push({ within: functions.name, start, end, after, shown: conditions.shown(node) });
  };
  const choiceOf = (node: Node): string | null =>
    node.type === "MemberExpression" &&
    textOf(source, node.object) === "plan" &&
    choices.names.has(textOf(source, node.property))
      ? textOf(source, node.property)
      : null;
  const isScalar = (node: Node) =>
    (node.type === "Identifier" && scalars.has(node.name)) || choices.scalars.has(choiceOf(node) ?? "");
  const isCode = (node: Node) => node.type === "Identifier" && choices.codes.has(node.name);

  const enter = ({ id, params }: Kernel) => {
    functions.enter(id?.name ?? "");
    flags.clear();
    scalars.clear();
    for (const parameter of params) {
      if (parameter.type !== "Identifier") continue;
      const type = typeName(source, parameter.typeAnnotation);
      if (type === "bool") flags.add(parameter.name);
      if (type === "f32") scalars.add(parameter.name);
      // The parameter itself is no read of it.
      done.add(`${parameter.start}:${parameter.end}`);
    }
  };
  const marks = conditions.handlers();
  new Visitor({
    ...marks,
    FunctionDeclaration: enter,
    "FunctionDeclaration:exit": () => functions.leave(),
    VariableDeclarator: ({ id, init }) => {
      if (
        id.type === "Identifier" &&
        init?.type === "CallExpression" &&
        boolFunctions.has(textOf(source, init.callee))
      )
        flags.add(id.name);
    },
    AssignmentExpression: ({ left, right }) => {
      done.add(`${left.start}:${left.end}`);
      if (choiceOf(left) !== null) replace(right, "1", "0");
    },
    BinaryExpression: (node) => {
      const { operator, left, right } = node;
      if (!COMPARISONS.has(operator)) return;
      if (choiceOf(left) === null && !isCode(right) && !isScalar(left)) return;
      replace(node, "true", "false");
      done.add(`${left.start}:${left.end}`);
    },
    MemberExpression: (node) => {
      const name = choiceOf(node);
      if (name === null) return;
      const text = textOf(source, node);
      if (conditions.has(node)) replace(node, "true", "false");
      else replace(node, choices.scalars.has(name) ? `(${text} * 2)` : `(${text} ^ 1)`);
    },
    Identifier: (node) => {
      if (node.name === "MEASURED" && conditions.has(node)) replace(node, "false");
      else if (conditions.has(node)) replace(node, "true", "false");
      else if (scalars.has(node.name)) replace(node, `(${node.name} * 2)`);
    },
    CallExpression: (node) => {
      if (textOf(source, node.callee) === "isFinite") replace(node, "true", "false");
      for (const argument of node.arguments) passed(argument);
      lanes(node);
    },
    ExpressionStatement: (node) => {
      const call = textOf(source, node);
      if (/^mask\w+\(|^(v128\.)?store(<f64>)?\(plan\.results /.test(call)) replace(node, ";");
    },
  }).visit(source.program);
  return edits;

  function passed(argument: CallExpression["arguments"][number]): void {
    if (argument.type === "Literal" && typeof argument.value === "boolean")
      replace(argument, String(!argument.value));
    if (argument.type === "Identifier" && flags.has(argument.name)) replace(argument, "true", "false");
  }

  /** Lanes held back by a mask: let through, and for what is held back where the mask is not, held back everywhere. */
  function lanes(node: CallExpression): void {
    const callee = textOf(source, node.callee);
    const [value, mask] = node.arguments as Expression[];
    if (!value || !mask || (callee !== "v128.and" && callee !== "v128.andnot")) return;
    if (mask.type !== "Identifier" && !textOf(source, mask).startsWith("v128.load(")) return;
    const nothing = callee === "v128.andnot" ? ["f32x4.splat(0)"] : [];
    replace(node, textOf(source, value), ...nothing);
  }
}

/** Names of the functions of a source that return a bool. */
export function boolFunctionsOf(source: Source): string[] {
  const names: string[] = [];
  new Visitor({
    FunctionDeclaration({ id, returnType }) {
      if (id && typeName(source, returnType) === "bool") names.push(id.name);
    },
  }).visit(source.program);
  return names;
}
