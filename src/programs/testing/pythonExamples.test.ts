import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { diagnose } from "../diagnosis/diagnose.ts";
import { EXAMPLES, exampleFile, runStep } from "./examples.ts";
import { expectLine, testExample, withHost } from "./exampleTests.ts";
import { startPythonHost } from "./hostProcess.ts";
import { pythonWithFrameworks } from "./pythonWithFrameworks.ts";
import { readTrace } from "./trace.ts";

const python = pythonWithFrameworks();
const why = python === null ? " (skipped: .ci/python-programs makes the Python that they need)" : "";
const start = (file: string) => startPythonHost(python ?? "", file);
const inPython = EXAMPLES.filter(({ framework }) => framework !== "tfjs");

describe.skipIf(python === null)(`an example in Python${why}`, { timeout: 600_000 }, () => {
  for (const example of inPython.filter(({ form }) => form === "program")) testExample(example, start);
});

describe.skipIf(python === null)(`the published program of Stack Overflow 51038266${why}`, () => {
  const example = inPython.find(({ form }) => form === "script");
  if (example === undefined) throw new Error("it is in the table");

  it("is a script to which at most ten lines were added", () => {
    const lines = readFileSync(exampleFile(example.file), "utf8").split("\n");
    const added = lines.filter((line) => line.endsWith("  # nanproof"));
    expect(added.length).toBeGreaterThan(0);
    expect(added.length).toBeLessThanOrEqual(10);
    // Nothing of nanproof is in a line that is not counted.
    expect(lines.filter((line) => /\bnanproof\b|\bstep\b/.test(line) && !line.startsWith("#"))).toEqual(
      added,
    );
  });

  it("captures its death on Brown sentences", { timeout: 600_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "nanproof-published-"));
    const { code, stderr } = await runScript(exampleFile(example.file), folder);
    expect(code, stderr).toBe(1);
    expect(stderr).toContain(`nanproof: training died at step ${example.diesAt}: the loss is NaN`);
    const findings = join(folder, "nanproof-findings");
    const name = readdirSync(findings).find((file) => file.endsWith(".json")) ?? "";
    const capture = JSON.parse(readFileSync(join(findings, name), "utf8"));
    expect(capture).toMatchObject({ step: example.diesAt, flaky: false, notes: [] });
    const diagnosis = diagnose(readTrace(join(findings, capture.trace)));
    expect(diagnosis?.signature).toBe(example.signature);
    expectLine(example, diagnosis?.site);
    expect(diagnosis?.sentence).toMatch(/grows by a factor of .* a timestep and passes float32/);

    const files = { state: join(findings, capture.state), batch: join(findings, capture.batch) };
    expect(await withHost(start, example.file, (host) => runStep(host, example, files))).toEqual(
      capture.record.dead,
    );
    expect(await withHost(start, example.fixed, (host) => runStep(host, example, files))).toBe(null);
  });
});

function runScript(file: string, folder: string): Promise<{ code: unknown; stderr: string }> {
  const PYTHONPATH = fileURLToPath(new URL("../../../python", import.meta.url));
  const env = { ...process.env, PYTHONPATH, TF_CPP_MIN_LOG_LEVEL: "3" };
  return new Promise((resolve) => {
    execFile(python ?? "", [file], { cwd: folder, env }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}
