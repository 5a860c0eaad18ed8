import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, it } from "vitest";

/** The folders of src, and what the package says of itself, in the order of the data: each imports from itself and those before it. */
const ORDER = [
  "package.ts",
  "numerics",
  "warning",
  "documents",
  "programs",
  "programs/trace",
  "programs/diagnosis",
  "programs/client",
  "programs/protocol.ts",
  "programs/process",
  "programs/host",
  "programs/host.ts",
  "programs/testing",
  "invariants",
  "programs/lstm",
  "programs/registry.ts",
  "fixtures",
  "shrink",
  "findings",
  "hunt",
  "gate",
  "exports",
  "explain",
  "remedy",
  "reporters",
  "library",
  "vitest",
  "training",
  "cli",
];

/** Rooms that are general in the case: they hand cases, steps and states on, and know no model. */
const GENERAL = [
  "documents",
  "programs",
  "invariants",
  "fixtures",
  "shrink",
  "findings",
  "hunt",
  "gate",
  "explain",
  "remedy",
];
/** Imports of the LSTM in these rooms, types included: what is left to be made general. Lower it, never raise it. */
const LEFT_IN_GENERAL = 4;
/** Words of the LSTM that the general rooms do not know. */
const LSTM_WORDS = /maxCell|maxHidden|forgetBias|cosine|preActivation/;

/** The files that a user imports. */
const ENTRIES = ["index.ts", "vitest.ts", "program.ts"];

/** All that what a person's program imports may import beside itself: small modules that need nothing of the LSTM. */
const CLIENT_MAY_IMPORT = [
  "package.ts",
  "numerics/log.ts",
  "warning",
  "documents",
  "programs/trace",
  "programs/diagnosis",
  "programs/client",
];

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
/** The folder of a file; of one in programs/ the folder inside, or the file itself where {@link ORDER} names it. */
const folderOf = (file: string) => {
  const [first = "", second = "", ...rest] = file.split("/");
  if (first !== "programs") return first;
  return rest.length > 0 || ORDER.includes(file) ? `${first}/${second}` : first;
};

/** Every file that a file imports, itself, and those that they do. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const target of graph.get(file) ?? []) reachedFrom(target, reached);
  return reached;
}

describe("imports in src", () => {
  it("are found: the graph is no empty check", () => {
    expect(graph.get("cli/commandThread.ts")).toContain("cli/commands/train.ts");
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
    const client = [...reachedFrom("program.ts")];
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

  it("cross from the general rooms into the LSTM no more than they did", () => {
    const crossing = [...graph].flatMap(([file, imports]) =>
      GENERAL.includes(folderOf(file)) && !file.includes("/testing/")
        ? imports
            .filter((target) => folderOf(target) === "programs/lstm")
            .map((target) => `${file} -> ${target}`)
        : [],
    );
    expect(crossing.length, crossing.join("\n")).toBeLessThanOrEqual(LEFT_IN_GENERAL);
  });

  it("bring no word of the LSTM into the general rooms", () => {
    const general = files.filter((file) => GENERAL.includes(folderOf(file)) && !file.includes("/testing/"));
    expect(general.length).toBeGreaterThan(50);
    expect(general.filter((file) => LSTM_WORDS.test(readFileSync(join("src", file), "utf8")))).toEqual([]);
  });

  it("lead from no command to another: what two of them need is a file of its own", () => {
    const commands = files.filter((file) => file.startsWith("cli/commands/"));
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands)
      expect(
        importsOf(command).filter((target) => target.startsWith("cli/commands/")),
        command,
      ).toEqual([]);
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
