import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EXAMPLES, exampleFile } from "./examples.ts";
import { testExample } from "./exampleTests.ts";
import { startHost } from "./hostProcess.ts";

describe("an example in JavaScript", () => {
  for (const example of EXAMPLES.filter(({ framework }) => framework === "tfjs"))
    testExample(example, (file) => startHost(file));
});

describe("the table of examples", () => {
  const programs = readdirSync(exampleFile(".")).filter((name) => /\.(mjs|py)$/.test(name));

  it("has every example, and the fixed twin of each", () => {
    expect(EXAMPLES.map(({ file }) => file).sort()).toEqual(programs.sort());
    for (const { fixed } of EXAMPLES) expect(existsSync(exampleFile(fixed)), fixed).toBe(true);
    expect(readdirSync(exampleFile("fixed")).sort()).toEqual(programs);
  });

  it("names the report that an example begins with", () => {
    for (const { file, source } of EXAMPLES) {
      const [header = ""] = readFileSync(exampleFile(file), "utf8").split(/^(?:import|from) /m);
      expect(header).toContain(source);
    }
  });

  it("is what the README lists", () => {
    const readme = readFileSync(exampleFile("README.md"), "utf8");
    for (const { file, signature, source } of EXAMPLES)
      expect(readme).toMatch(new RegExp(`\\[${file}\\]\\(${file}\\).*\`${signature}\`.*\\(${source}\\)`));
  });
});
