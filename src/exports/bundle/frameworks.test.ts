import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { readFixture } from "../../fixtures/store.ts";
import { pythonWithFrameworks } from "../../programs/testing/pythonWithFrameworks.ts";
import { bundleFiles } from "./bundle.ts";
import { runBundle } from "./runBundle.ts";
import { type AfterStep, afterStep } from "./testing/afterStep.ts";
import { deathFile, deathProgram, KEPT_DEATHS, type KeptDeath, mendedText } from "./testing/deaths.ts";
import { keptBundle } from "./testing/keptBundle.ts";
import { tellingRunner } from "./testing/tellingRunner.ts";

const python = pythonWithFrameworks();
const nothing = python === null ? " (skipped: .ci/python-programs makes the Python that it needs)" : "";

/** Runs the bundle of a death in a folder by itself, with some of its files changed. */
async function ran(death: KeptDeath, changes: Readonly<Record<string, (text: string) => string>> = {}) {
  const { parts, packages } = await keptBundle(deathFile(death.framework), deathProgram(death));
  expect(parts.framework).toBe(death.framework);
  const files = new Map(bundleFiles(parts));
  for (const [path, change] of Object.entries(changes))
    files.set(path, change(Buffer.from(files.get(path) ?? "").toString("utf8")));
  const [run] = await runBundle(files, { python: python ?? "python3", packages }, [[]]);
  if (run === undefined) throw new Error("it was run");
  return { ...run, lines: run.stdout.trimEnd().split("\n") };
}

describe.each(KEPT_DEATHS)("the bundle of a program of $framework", (death) => {
  const isPython = death.framework !== "tfjs";
  const skipped = isPython && python === null;

  it("is of the program as it is now: scripts/bundle-deaths.ts makes its fixture anew", () => {
    const sha256 = createHash("sha256")
      .update(readFileSync(deathProgram(death)))
      .digest("hex");
    expect(readFixture(deathFile(death.framework)).fixture.program?.sha256).toBe(sha256);
  });

  it.skipIf(skipped)(`dies in a folder by itself, without nanproof${isPython ? nothing : ""}`, async () => {
    const { exitCode, lines, error } = await ran(death);
    expect({ exitCode, last: lines.at(-1) }, error).toEqual({ exitCode: 1, last: death.last });
  });

  it.skipIf(skipped)(
    `comes to what nanproof comes to where the program is mended, and lives${isPython ? nothing : ""}`,
    async () => {
      const { exitCode, lines, error } = await ran(death, {
        [`program/${basename(death.program)}`]: (text) => mendedText(death, text),
        [isPython ? "reproduce.py" : "reproduce.mjs"]: tellingRunner,
      });
      expect({ exitCode, last: lines.at(-1) }, error).toEqual({
        exitCode: 0,
        last: expect.stringMatching(/^finite: the loss is -?[\d.e-]+, and so are all weights$/),
      });
      const [told, expected] = [JSON.parse(lines.at(-2) ?? "") as AfterStep, afterStep(death)];
      // Another machine's last bits are its own.
      for (const part of ["loss", "weight", "slot"] as const)
        expect(Math.abs(told[part] / (expected[part] || 1) - (expected[part] && 1)), part).toBeLessThan(1e-5);
    },
  );
});

describe.skipIf(python === null)(`the Python that bundles are tried with${nothing}`, () => {
  it("has no nanproof: it is the bundle's own that they run with", () => {
    const { status, stderr } = spawnSync(python ?? "", ["-c", "import nanproof"], {
      cwd: "/",
      encoding: "utf8",
      env: { ...process.env, PYTHONPATH: "" },
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining("No module named 'nanproof'")]);
  });
});
