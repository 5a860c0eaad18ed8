import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, it } from "vitest";

/** The folders of src, and what the package says of itself, in the order of the data: each imports from itself and those before it. */
const ORDER = [
  "package.ts",
  "numerics",
  "programs",
  "cases",
  "training",
  "engines",
  "invariants",
  "relations",
  "fixtures",
  "shrink",
  "search",
  "diagnosis",
  "reporters",
  "library",
  "matchers",
  "cli",
];

/** What a user imports. */
const ENTRIES = ["index.ts", "vitest.ts"];

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("assembly"))
  .map((file) => file.replaceAll(sep, "/"));

/** Every relative import of a file, as a path below src. Type imports count too. */
function importsOf(file: string): string[] {
  const source = readFileSync(join("src", file), "utf8");
  const found = [...source.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)];
  return found.map((match) => normalize(join(dirname(file), match[1] as string)).replaceAll(sep, "/"));
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));
const folderOf = (file: string) => file.split("/")[0] as string;

describe("imports in src", () => {
  it("are found: the graph is no empty check", () => {
    expect(graph.get("cli/commandThread.ts")).toContain("cli/train.ts");
    expect([...graph.values()].flat().length).toBeGreaterThan(100);
  });

  it("name files that exist", () => {
    for (const [file, imports] of graph)
      for (const target of imports) expect(files, `${file} imports ${target}`).toContain(target);
  });

  it("lie in a folder of the design, or are a public entry", () => {
    for (const file of files) expect([...ORDER, ...ENTRIES], file).toContain(folderOf(file));
  });

  it("go one way through the folders", () => {
    const backwards = [...graph].flatMap(([file, imports]) =>
      imports
        .filter(
          (target) =>
            !ENTRIES.includes(file) && ORDER.indexOf(folderOf(target)) > ORDER.indexOf(folderOf(file)),
        )
        .map((target) => `${file} -> ${target}`),
    );
    expect(backwards).toEqual([]);
  });

  it("form no cycle", () => {
    const done = new Set<string>();
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file))
        throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });
});
