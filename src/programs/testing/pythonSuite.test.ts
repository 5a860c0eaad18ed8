import { execFile, execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { pythonWithFrameworks } from "./pythonWithFrameworks.ts";

const FOLDER = fileURLToPath(new URL("../../../python", import.meta.url));
/** Pytest's own status where every test of a file is skipped when it is imported. */
const NOTHING_RUN = 5;

const python = pythonWithFrameworks() ?? plainPython();
const why =
  python === null
    ? " (skipped: there is no python3 with numpy and pytest; .ci/python-programs makes one with all frameworks)"
    : "";

describe.skipIf(python === null)(`the Python client's own tests${why}`, () => {
  const files = readdirSync(`${FOLDER}/tests`).filter((name) => /^test_.*\.py$/.test(name));

  it.each(files)("%s", { timeout: 1_800_000 }, async (file) => {
    const { code, stdout } = await runPytest(file);
    expect([0, NOTHING_RUN], stdout).toContain(code);
    if (python === pythonWithFrameworks()) expect(stdout, stdout).not.toMatch(/\d+ skipped/);
  });
});

function runPytest(file: string): Promise<{ code: unknown; stdout: string }> {
  const given = ["-m", "pytest", "-q", "-p", "no:cacheprovider", `tests/${file}`];
  return new Promise((resolve) => {
    execFile(python ?? "", given, { cwd: FOLDER, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout: stdout + stderr }),
    );
  });
}

/** A Python that has what the tests need that need no framework. */
function plainPython(): string | null {
  try {
    execFileSync("python3", ["-c", "import numpy, pytest"], { stdio: "ignore" });
    return "python3";
  } catch {
    return null;
  }
}
