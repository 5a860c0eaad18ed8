import type { Node, VisitorObject } from "oxc-parser";

type Span = Pick<Node, "start" | "end">;

const key = ({ start, end }: Span) => `${start}:${end}`;

/** Remembers the expressions of which only the truth counts. Its handlers see a parent before its children. */
export class Conditions {
  /** Each with what is shown of it: `a ? b : c` for an `a`, or itself. */
  readonly #shown = new Map<string, Span>();

  /** True of an expression of which only the truth counts. */
  has(node: Span): boolean {
    return this.#shown.has(key(node));
  }

  /** The text to show of a broken expression: the choice that it makes, so that it differs from others like it. */
  shown(node: Span): Span {
    return this.#shown.get(key(node)) ?? node;
  }

  /** Handlers that mark conditions, operands of `&&` and `||`, and the operand of `!`. */
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
