import { readFileSync } from "node:fs";
import { type Node, type Program, parseSync } from "oxc-parser";

/** A source file and its syntax tree. */
export interface Source {
  file: string;
  text: string;
  program: Program;
}

/** The source of a path from the repository's root; AssemblyScript is TypeScript but for its decorators of functions. */
export function readSource(file: string, text = readFileSync(file, "utf8")): Source {
  const plain = text.replace(/^@(inline|unmanaged|external\(.*\))$/gm, (decorator) =>
    " ".repeat(decorator.length),
  );
  const { program, errors } = parseSync(file, plain, { preserveParens: false });
  const [error] = errors;
  if (error) throw new Error(`${file}: ${error.message}\n${error.codeframe ?? ""}`);
  return { file, text, program };
}

/** The text of a node. */
export function textOf({ text }: Source, { start, end }: Pick<Node, "start" | "end">): string {
  return text.slice(start, end);
}

/** Names the innermost function at each place: handlers for a visitor, and what they have found so far. */
export class Functions {
  readonly #names: string[] = [];

  /** Name of the function that is being visited. */
  get name(): string {
    return this.#names.at(-1) ?? "";
  }

  enter(name: string): void {
    this.#names.push(name);
  }

  leave(): void {
    this.#names.pop();
  }
}
