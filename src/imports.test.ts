import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, it } from "vitest";

/** The folders of src, and what the package says of itself, in the order of the data: each imports from itself and those before it. */
const ORDER = [
  "package.ts",
  "documents",
  "numerics",
  "cases",
  "programs/trace",
  "programs/diagnosis",
  "programs/client",
  "programs/protocol.ts",
  "programs/host",
  "programs/host.ts",
  "programs/testing",
  "training",
  "engines",
  "invariants",
  "relations",
  "fixtures",
  "shrink",
  "search",
  "diagnosis",
  "reporters",
  "matchers",
  "cli",
];

/** What a user imports. */
const ENTRIES = ["index.ts", "vitest.ts", "program.ts"];

/** All that what a person's program imports may import beside itself: small modules that need nothing of the LSTM. */
const CLIENT_MAY_IMPORT = ["package.ts", "documents", "cases/errors.ts", "programs/trace", "programs/client"];

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
const folderOf = (file: string) =>
  file
    .split("/")
    .slice(0, file.startsWith("programs/") ? 2 : 1)
    .join("/");

describe("imports in src", () => {
  it("are found: the graph is no empty check", () => {
    expect(graph.get("cli/main.ts")).toContain("cli/train.ts");
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

  it("keep what a person's program imports small", () => {
    const client = files.filter((file) => /^(program\.ts|programs\/client\/|documents\/)/.test(file));
    expect(client.length).toBeGreaterThan(20);
    const foreign = client.flatMap((file) =>
      importsOf(file)
        .filter((target) => !CLIENT_MAY_IMPORT.some((may) => target === may || target.startsWith(`${may}/`)))
        .map((target) => `${file} -> ${target}`),
    );
    expect(foreign).toEqual([]);
    const packages = client.flatMap((file) =>
      [...readFileSync(join("src", file), "utf8").matchAll(/\bfrom "([^.][^"]*)"/g)].map(
        (match) => match[1] as string,
      ),
    );
    expect([...new Set(packages)].filter((name) => !name.startsWith("node:"))).toEqual([]);
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
