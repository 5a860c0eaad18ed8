import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runNanproof } from "./testing/nanproof.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nanproof-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Example {
  file: string;
  fixed: string;
  form: "program" | "script";
  signature: string;
  mends: "step" | "data";
}

const examples = JSON.parse(readFileSync(join(root, "examples/examples.json"), "utf8")) as Example[];
const programs = examples.filter(({ form }) => form === "program");
/** A Python with the frameworks, as `.ci/python-programs` makes one. */
const python = process.env.NANPROOF_PROGRAMS_PYTHON;
/** Of those in Python the quickest to load: each adapter is tested in python/, the command beside them here. */
const IN_PYTHON = ["torch_half_gru.py", "torch_masked_attention.py", "jax_zero_cosine.py"];

async function nanproof(...args: string[]) {
  const { exitCode, stdout, stderr } = await runNanproof([...args, "--json"], { cwd: folder });
  return { exitCode, stderr, json: stdout.startsWith("{") ? JSON.parse(stdout) : null };
}

/** Numbers not 0 in the batch of each step that was made small. */
const sizes: number[] = [];

/** Dies, is made minimal and confirmed; red on the code that has the fault, green on the one that has not. */
async function isHeldFixed({ file, fixed, signature, mends }: Example, flags: readonly string[]) {
  const out = file.replaceAll(".", "-");
  const at = (name: string) => ["--program", relative(folder, join(root, "examples", name)), ...flags];
  const trained = await nanproof("train", ...at(file), "--out", out);
  expect(trained.json, trained.stderr).toMatchObject({ status: "failed", signature });
  expect(trained.exitCode).toBe(1);
  const fixture = JSON.parse(readFileSync(join(folder, trained.json.fixture), "utf8"));
  expect(fixture.expected.reproducesOn).toEqual(["process", "fresh-process"]);
  if (fixture.minimal) sizes.push(fixture.size.nonZeroInBatch);
  const red = await nanproof("gate", "--fixtures", out, ...at(file));
  expect(red.json, red.stderr).toMatchObject({ failed: [{ signature }], held: [] });
  expect(red.exitCode).toBe(1);
  const green = await nanproof("gate", "--fixtures", out, ...at(fixed));
  const heldByRun = mends === "data" ? { heldByRun: [trained.json.fixture] } : {};
  expect(green.json, green.stderr).toMatchObject({ held: [trained.json.fixture], ...heldByRun, failed: [] });
  expect(green.exitCode).toBe(0);
}

describe("examples/, by the commands of its README", () => {
  const inJavaScript = programs.filter(({ file }) => file.endsWith(".mjs"));

  it.each(inJavaScript)("$file dies, and its twin is held", (example) => isHeldFixed(example, []), 420_000);

  it("are made small: twelve numbers not 0 in a batch or fewer, by the median", () => {
    expect(sizes.length).toBeGreaterThan(inJavaScript.length / 2);
    const median = sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)];
    expect(median).toBeLessThanOrEqual(12);
  });

  it.skipIf(python === undefined).each(programs.filter(({ file }) => IN_PYTHON.includes(file)))(
    "$file dies, and its twin is held (needs NANPROOF_PROGRAMS_PYTHON)",
    (example) => isHeldFixed(example, ["--python", python ?? ""]),
    420_000,
  );

  it.skipIf(python === undefined)(
    "a fixture of Python says how many threads it was made with, and is replayed with as many (needs NANPROOF_PROGRAMS_PYTHON)",
    async () => {
      const at = ["--program", join(root, "examples/torch_half_gru.py"), "--python", python ?? ""];
      const { json } = await nanproof("train", ...at, "--threads", "2", "--no-shrink", "--out", "threads");
      const fixture = JSON.parse(readFileSync(join(folder, json.fixture), "utf8"));
      expect(fixture.provenance.threads).toBe(2);
      const asMade = await nanproof("replay", json.fixture, ...at);
      expect(asMade.exitCode, asMade.stderr).toBe(0);
      expect(asMade.stderr).not.toContain("--threads");
      const otherwise = await nanproof("replay", json.fixture, ...at, "--threads", "1");
      expect(otherwise.stderr).toMatch(/was made with --threads 2, and runs with 1: its bits may be others/);
    },
    120_000,
  );
});
