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
import { type Json, marks, PLANTS, planted, textsOf } from "./testing/plants.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-strangers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isComment = (line: string) => /^(#|\/\/)/.test(line);
const code = (script: string) => script.split("\n").filter((line) => !isComment(line));

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
