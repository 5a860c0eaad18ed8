import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../documents/errors.ts";
import { readFixture } from "../fixtures/store.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { checkedDeath } from "./checkedDeath.ts";
import { reproductionOf } from "./fromFixture.ts";
import { issueMarkdown } from "./issue.ts";
import { rendered } from "./render.ts";
import type { Reproduction } from "./reproduction.ts";
import { TARGET_NAMES, TARGETS } from "./targets.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-strangers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What ends a comment, a string, a fence or a tag in one language or another, or sets the encoding of a file. */
const PLANTS = [
  "PLANT\nimport os; os.abort()",
  "PLANT\r\nprocess.exit(9)",
  "PLANT\u2028process.exit(9)//",
  "PLANT\u2029process.exit(9)//",
  "PLANT\u0085os.abort()",
  "PLANT\u000bos.abort()\u000c",
  'PLANT""" + os.abort() + """',
  "PLANT*/ process.exit(9) /*",
  `PLANT\${process.exit(9)}\``,
  "PLANT -*- coding: utf-7 -*- +AAo-os.abort()",
  "PLANT ```\n</details><script>alert(1)</script> @someone #1",
  "PLANT \u202e\u0000\u001b[2J",
];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The paths of all texts of a document. */
function textsOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === "string") return [path];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function planted(value: Json, [key, ...rest]: (string | number)[], text: string): Json {
  if (key === undefined) return text;
  const copy = structuredClone(value) as { [key: string]: Json };
  copy[String(key)] = planted(copy[String(key)] ?? null, rest, text);
  return copy as Json;
}

const isComment = (line: string) => /^(#|\/\/)/.test(line);
const code = (script: string) => script.split("\n").filter((line) => !isComment(line));

/** Everything in a report that Markdown reads as marks: without its fenced script, and without code in a line. */
function marks(report: readonly string[]): string {
  const fence = report.findIndex((line) => /^`{3,}[a-z]+$/.test(line));
  const ticks = /^`+/.exec(report[fence] ?? "")?.[0] ?? "";
  const end = report.lastIndexOf(ticks);
  return [...report.slice(0, fence), ...report.slice(end + 1)]
    .join("\n")
    .replace(/(`+)[^\n]*?[^`]\1(?!`)/g, "");
}

function expectHarmless(honest: Reproduction, reproduction: Reproduction, plant: string): void {
  for (const name of TARGET_NAMES) {
    const target = TARGETS[name];
    const script = rendered(reproduction, target);
    expect(code(script.script), `${name}: ${plant}`).toEqual(code(rendered(honest, target).script));
    const lines = script.script.split("\n");
    expect(lines.slice(0, 2).join(""), name).not.toContain("PLANT");
    expect(script.script, name).toMatch(/^[\x20-\x7e\n]*$/);
    for (const line of lines.filter((text) => text.includes("PLANT")))
      expect(line, name).toMatch(/^(#|\/\/) /);
    const report = issueMarkdown({ reproduction, target, script, file: "x.py", verified: null });
    for (const line of report) expect(line).not.toMatch(/[\n\r\u2028\u2029]/);
    expect(marks(report), `${name}: ${plant}`).not.toMatch(/PLANT|script>|@someone|#1/);
  }
}

describe("texts that were planted in a fixture", () => {
  it("stand in comments alone, whatever they are and in whatever field", { timeout: 300_000 }, async () => {
    const engine = await openEngine("explorer");
    let tried = 0;
    for (const name of readdirSync("fixtures").filter((file) => file.endsWith("92253bf5a3fc.json"))) {
      const document = JSON.parse(readFileSync(join("fixtures", name), "utf8")) as Json;
      const honest = reproductionOf(await checkedDeath(readFixture(join("fixtures", name)), engine));
      for (const path of textsOf(document))
        for (const plant of PLANTS) {
          const file = join(folder, "planted.json");
          writeFileSync(file, JSON.stringify(planted(document, path, plant)));
          try {
            expectHarmless(honest, reproductionOf(await checkedDeath(readFixture(file), engine)), plant);
            tried += 1;
          } catch (error) {
            // A fixture that is refused makes no script.
            if (!(error instanceof UsageError)) throw error;
          }
        }
    }
    expect(tried).toBeGreaterThan(60);
  });

  it("stand in comments alone where they come from a program that was run", async () => {
    const engine = await openEngine("explorer");
    const [name = ""] = readdirSync("fixtures").filter((file) => file.endsWith("92253bf5a3fc.json"));
    const honest = reproductionOf(await checkedDeath(readFixture(join("fixtures", name)), engine));
    for (const plant of PLANTS)
      expectHarmless(honest, { ...honest, verified: [plant], diedOn: [plant], sentence: plant }, plant);
  });

  it("would be seen by this test where they left a comment", () => {
    expect(code("# PLANT\nos.abort()")).toEqual(["os.abort()"]);
    expect(marks(["PLANT", "```python", "x", "```"])).toContain("PLANT");
    expect(marks(["`a PLANT`", "```python", "PLANT", "```"])).not.toContain("PLANT");
  });
});
