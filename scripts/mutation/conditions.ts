import type { Node, VisitorObject } from "oxc-parser";

type Span = Pick<Node, "start" | "end">;

const key = ({ start, end }: Span) => `${start}:${end}`;

/** Remembers which expressions stand where only their truth counts. Its handlers see a parent before its children. */
export class Conditions {
  readonly #marked = new Set<string>();

  /** Whether only the truth of an expression counts. */
  has(node: Span): boolean {
    return this.#marked.has(key(node));
  }

  /** Handlers that mark conditions, operands of `&&` and `||`, and what stands after `!`. */
  handlers(): VisitorObject {
    const mark = (node: Span | null) => {
      if (node) this.#marked.add(key(node));
    };
    return {
      IfStatement: ({ test }) => mark(test),
      ConditionalExpression: ({ test }) => mark(test),
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
