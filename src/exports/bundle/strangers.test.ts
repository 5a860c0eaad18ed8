import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../documents/errors.ts";
import { readFixture } from "../../fixtures/store.ts";
import { type Json, marks, PLANTS, planted, textsOf } from "../testing/plants.ts";
import { bundleFiles } from "./bundle.ts";
import { fixtureStep } from "./fixtureStep.ts";
import { bundleIssue } from "./issue.ts";
import type { BundleParts } from "./parts.ts";
import { deathFile, deathFolder, deathProgram, KEPT_DEATHS, type KeptDeath } from "./testing/deaths.ts";
import { keptBundle } from "./testing/keptBundle.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-bundle-strangers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isRunner = (path: string) => path.startsWith("reproduce.");
const withoutComments = (text: string) => text.split("\n").filter((line) => !/^(#|\/\/)/.test(line));

/** Nothing of a stranger's is code: it is in comments, in JSON, and in code of Markdown. */
function expectHarmless(honest: BundleParts, parts: BundleParts, plant: string): void {
  const [expected, found] = [bundleFiles(honest), bundleFiles(parts)];
  expect([...found.keys()], plant).toEqual([...expected.keys()]);
  for (const [path, contents] of found) {
    const text = Buffer.from(contents).toString("utf8");
    if (path === "README.md") expect(marks(text.split("\n")), plant).not.toMatch(/PLANT|script>|@someone|#1/);
    else if (path === "case.json") JSON.parse(text);
    else if (isRunner(path)) {
      const honestText = Buffer.from(expected.get(path) ?? "").toString("utf8");
      expect(withoutComments(text), plant).toEqual(withoutComments(honestText));
      expect(text, plant).toMatch(/^[\x20-\x7e\n]*$/);
      expect(text.split("\n").slice(0, 2).join(""), plant).not.toContain("PLANT");
    } else expect(contents, `${path}: ${plant}`).toEqual(expected.get(path));
  }
  const { framework } = parts;
  if (framework === null) throw new Error("the program tells its framework");
  const report = bundleIssue({ ...parts, framework }, "death", null);
  for (const line of report) expect(line).not.toMatch(/[\n\r\u2028\u2029]/);
  expect(marks(report), plant).not.toMatch(/PLANT|script>|@someone|#1/);
}

/** A copy of a death's files, whose fixture is written anew each time. */
function copied({ framework }: KeptDeath): string {
  cpSync(deathFolder(framework), folder, { recursive: true });
  return join(folder, "planted.json");
}

describe("texts that were planted in the fixture of a program", () => {
  it.each(KEPT_DEATHS.filter(({ framework }) => ["tfjs", "tensorflow1", "jax"].includes(framework)))(
    "stand in comments, JSON and code of Markdown alone ($framework)",
    async (death) => {
      const file = copied(death);
      const document = JSON.parse(readFileSync(deathFile(death.framework), "utf8")) as Json;
      const { parts: honest } = await keptBundle(deathFile(death.framework), deathProgram(death));
      let shown = 0;
      for (const path of textsOf(document))
        for (const plant of PLANTS) {
          writeFileSync(file, JSON.stringify(planted(document, path, plant)));
          try {
            const stored = readFixture(file);
            const step = await fixtureStep(stored, () => Promise.reject(new Error("nothing is run")));
            const parts = { ...honest, fixture: stored.fixture, step };
            expectHarmless(honest, parts, plant);
            if (Buffer.from(bundleFiles(parts).get("README.md") ?? "").includes("PLANT")) shown += 1;
          } catch (error) {
            // A fixture that is refused makes no bundle.
            if (!(error instanceof UsageError)) throw error;
          }
        }
      expect(shown).toBeGreaterThan(0);
    },
  );

  it("stand there alone where they come from the program's files, its packages, or what ran it", async () => {
    const [death] = KEPT_DEATHS;
    if (death === undefined) throw new Error("there is a death");
    const { parts } = await keptBundle(deathFile(death.framework), deathProgram(death));
    for (const plant of PLANTS) {
      const changed = { ...parts, packages: { [plant]: plant }, verified: [plant] };
      const files = { ...parts.files, unknown: [plant] };
      const found = bundleFiles({ ...changed, files });
      const readme = Buffer.from(found.get("README.md") ?? "").toString("utf8");
      expect(marks(readme.split("\n")), plant).not.toMatch(/PLANT|script>|@someone|#1/);
      expect(JSON.parse(Buffer.from(found.get("package.json") ?? "").toString("utf8"))).toMatchObject({
        dependencies: { [plant]: plant },
      });
    }
  });
});
