import type { Node, VisitorObject } from "oxc-parser";

type Span = Pick<Node, "start" | "end">;

const key = ({ start, end }: Span) => `${start}:${end}`;

/** Remembers which expressions stand where only their truth counts. Its handlers see a parent before its children. */
export class Conditions {
  /** Each with what is shown of it: `a ? b : c` for an `a`, or itself. */
  readonly #shown = new Map<string, Span>();

  /** Whether only the truth of an expression counts. */
  has(node: Span): boolean {
    return this.#shown.has(key(node));
  }

  /** What is shown where an expression is broken: the choice that it makes, so that it is told from its like. */
  shown(node: Span): Span {
    return this.#shown.get(key(node)) ?? node;
  }

  /** Handlers that mark conditions, operands of `&&` and `||`, and what stands after `!`. */
  handlers(): VisitorObject {
    const mark = (node: Span | null, shown: Span | null = node) => {
      if (node && shown) this.#shown.set(key(node), shown);
    };
    return {
      IfStatement: ({ test }) => mark(test),
      ConditionalExpression: (node) => mark(node.test, node),
      WhileStatement: ({ test }) => mark(test),
      ForStatement: ({ test }) => mark(test),
      LogicalExpression: ({ operator, left, right }) => {
        if (operator === "??") return;
        mark(left);
        mark(right);
      },
      UnaryExpression: ({ operator, argument }) => {
        if (operator === "!") mark(argument);
      },
    };
  }
}
