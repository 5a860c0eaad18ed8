import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as client from "../../program.ts";
import { SLOTS } from "../../programs/client/tfjs/optimizerFields.ts";
import { runnableTargets, testPython } from "../testing/pythons.ts";
import { bundleFiles } from "./bundle.ts";
import { runBundle, writeBundle } from "./runBundle.ts";
import { deathFile } from "./testing/deaths.ts";
import { keptBundle } from "./testing/keptBundle.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-stand-in-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasNumpy = runnableTargets().includes("numpy");
const why = hasNumpy ? "" : " (skipped: there is no Python with numpy)";

/** Prints what the client and its stand-in offer: names, and the parameters of what is called. */
const COMPARE = `
import importlib.util, inspect, json, sys
import nanproof
spec = importlib.util.spec_from_file_location("stand_in", sys.argv[1])
stand_in = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stand_in)
def shown(found):
    if inspect.isclass(found):
        return "class, " + ("an Exception" if issubclass(found, Exception) else "a BaseException")
    return [[p.name, str(p.kind), repr(p.default)] for p in inspect.signature(found).parameters.values()]
for module in (nanproof, stand_in):
    print(json.dumps({name: shown(getattr(module, name)) for name in nanproof.__all__}))
`;

describe("what stands in for nanproof in a bundle", () => {
  it.skipIf(!hasNumpy)(`has every name of the client in Python, with its parameters${why}`, async () => {
    const { parts } = await keptBundle(deathFile("jax"), resolve("examples/jax_masked_root.py"));
    writeBundle(join(folder, "whole"), bundleFiles(parts));
    const { stdout, stderr } = spawnSync(
      testPython(),
      ["-c", COMPARE, join(folder, "whole/nanproof/__init__.py")],
      {
        encoding: "utf8",
        env: { ...process.env, PYTHONPATH: resolve("python"), PYTHONHASHSEED: "0" },
      },
    );
    const [real, standIn] = stdout.trim().split("\n");
    expect(stderr).toBe("");
    expect(Object.keys(JSON.parse(real ?? "{}"))).toContain("watch");
    expect(JSON.parse(standIn ?? "null")).toEqual(JSON.parse(real ?? ""));
  });

  it("calls an optimizer's slots as the client does in JavaScript", async () => {
    const path = resolve("bundle/javascript/training.mjs");
    const standIn = (await import(path)) as { SLOTS: object };
    expect(standIn.SLOTS).toEqual(SLOTS);
  });

  it("has every name of the client in JavaScript", async () => {
    const path = resolve("bundle/javascript/program.mjs");
    const standIn = (await import(path)) as Record<string, object>;
    expect(Object.keys(standIn).sort()).toEqual(Object.keys(client).sort());
    expect(Object.keys(standIn.watch ?? {}).sort()).toEqual(Object.keys(client.watch).sort());
  });
});

describe("a bundle in Python", () => {
  const run = async (python: string, text: string, threads?: number) => {
    const { parts, packages } = await keptBundle(deathFile("jax"), resolve("examples/jax_masked_root.py"));
    const provenance = { ...parts.fixture.provenance, ...(threads && { threads }) };
    const files = new Map(bundleFiles({ ...parts, fixture: { ...parts.fixture, provenance } })).set(
      "program/jax_masked_root.py",
      text,
    );
    const [found] = await runBundle(files, { python, packages }, [[]]);
    return found;
  };

  it.skipIf(!hasNumpy).each([
    [
      "ends by itself with status 1",
      "import sys\nsys.exit(1)\n",
      "the program ended by itself, with status 1",
    ],
    ["throws", 'raise ValueError("no data")\n', "no data"],
    ["does not parse", "def\n", "SyntaxError"],
    [
      "never takes a step",
      "from nanproof import program\n@program()\ndef train(watch): pass\n",
      "ended before any step",
    ],
  ])(`ends with 125 where its program %s${why}`, async (_, text, error) => {
    expect(await run(testPython(), text)).toMatchObject({
      exitCode: 125,
      stdout: "",
      error: expect.stringContaining(error),
    });
  });

  it.skipIf(!hasNumpy)(`has as many threads as the death had, one where it does not tell${why}`, async () => {
    const text = 'import os, sys\nsys.exit(os.environ["OMP_NUM_THREADS"] + " threads")\n';
    expect((await run(testPython(), text))?.error).toContain("status 1 threads");
    expect((await run(testPython(), text, 3))?.error).toContain("status 3 threads");
  });

  it("ends with 125 where there is no numpy", async () => {
    const bare = join(folder, "bare");
    writeFileSync(bare, '#!/bin/sh\nexec python3 -I -S "$@"\n', { mode: 0o755 });
    expect(await run(bare, "")).toMatchObject({ exitCode: 125, error: expect.stringContaining("numpy") });
  });
});
