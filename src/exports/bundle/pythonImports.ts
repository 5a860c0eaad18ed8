import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Imports } from "./imports.ts";
import { STANDARD_LIBRARY } from "./standardLibrary.ts";

/** Finds what a Python file imports, and what that imports, by their import statements. */
export function pythonImports(program: string): Imports {
  const folder = dirname(program);
  const packages = new Set<string>();
  const unknown: string[] = [];
  const found = new Set([program]);
  // A set goes on to what is added to it meanwhile.
  for (const file of found) {
    const text = withoutComments(readFileSync(file, "utf8"));
    if (/\b(importlib\b|__import__\()/.test(text))
      unknown.push(
        `${basename(file)} imports by a name that it computes; such files are not in this folder.`,
      );
    if (/\bsys\.path\b/.test(text))
      unknown.push(`${basename(file)} changes sys.path; what it finds by that is not in this folder.`);
    for (const { dots, modules } of importsOf(text)) {
      const from = dots === 0 ? folder : climb(dirname(file), dots - 1);
      for (const module of modules) {
        const local = filesOf(from, module);
        for (const one of local) found.add(one);
        const [top = ""] = module;
        if (dots === 0 && local.length === 0 && filesOf(from, [top]).length === 0) packages.add(top);
      }
    }
  }
  found.delete(program);
  const needed = [...packages].filter((name) => name !== "nanproof" && !STANDARD_LIBRARY.has(name));
  return { files: [...found], packages: needed.sort(), unknown };
}

function climb(folder: string, levels: number): string {
  return levels === 0 ? folder : climb(dirname(folder), levels - 1);
}

/** Text without comments and long strings, in which words are no statements. */
function withoutComments(text: string): string {
  return text.replace(/("""|''')[\s\S]*?\1/g, '""').replace(/#.*$/gm, "");
}

interface Import {
  /** Of a relative import: how many dots it begins with. */
  dots: number;
  /** Each part by part: `a.b` of `import a.b`; both `a` and `a.b` of `from a import b`. */
  modules: string[][];
}

const FROM = /^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n;]*)/gm;
const IMPORT = /^[ \t]*import[ \t]+([^\n;]+)/gm;

function importsOf(text: string): Import[] {
  const names = (list: string) =>
    list.split(",").map(
      (one) =>
        one
          .replace(/[()\\]/g, " ")
          .trim()
          .split(/\s/)[0] ?? "",
    );
  const plain = [...text.matchAll(IMPORT)].map(([, list = ""]) => ({
    dots: 0,
    modules: names(list)
      .filter(Boolean)
      .map((name) => name.split(".")),
  }));
  const from = [...text.matchAll(FROM)].map(([, dots = "", module = "", list = ""]) => {
    const base = module === "" ? [] : module.split(".");
    const inside = names(list)
      .filter((name) => /^\w+$/.test(name))
      .map((name) => [...base, name]);
    return { dots: dots.length, modules: base.length === 0 ? inside : [base, ...inside] };
  });
  return [...plain, ...from];
}

/** The files that importing a module runs, of those below a folder. */
function filesOf(folder: string, module: readonly string[]): string[] {
  return module.flatMap((_, at) => {
    const path = join(folder, ...module.slice(0, at + 1));
    return [`${path}.py`, join(path, "__init__.py")].filter(
      (file) => existsSync(file) && statSync(file).isFile(),
    );
  });
}
