import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { testPython } from "../../exports/testing/pythons.ts";
import { exitOf } from "../testing/exitOf.ts";
import { runNanproof } from "../testing/nanproof.ts";

const cwd = mkdtempSync(join(tmpdir(), "nanproof-export-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runNanproof(["export", ...args], { cwd, timeout: 120_000 });
const SMALL = resolve("fixtures/forward-recurrence-overflow-relu-92253bf5a3fc.json");
const LARGE = resolve("fixtures/forward-recurrence-overflow-relu-1b1420a1930a.json");
const SECOND_MOMENT = resolve("fixtures/update-second-moment-overflow-relu-0f43455d6ee1.json");

/** A fixture with one text of it replaced. */
function changed(name: string, file: string, from: string, to: string): string {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`no ${from}`);
  writeFileSync(join(cwd, name), text.replace(from, to));
  return name;
}

describe("nanproof export", () => {
  it("prints the script, and nothing else, on stdout", async () => {
    const { exitCode, stdout, stderr } = await run(SMALL, "--to", "pytorch");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout.startsWith("# A training step of an LSTM")).toBe(true);
    expect(stdout.split("\n").length).toBeLessThanOrEqual(40);
    expect(stdout).toContain("recurrent_kernel = torch.tensor([[0.1, 4.0, 0.0, 1.0]])");
  });

  it("writes it to --out, and many numbers beside it", async () => {
    expect((await run(SMALL, "--to", "numpy", "--out", "small.py")).exitCode).toBe(0);
    expect(existsSync(join(cwd, "small.py.npz"))).toBe(false);
    for (const [to, file, beside] of [
      ["numpy", "large.py", "large.py.npz"],
      ["tfjs", "large.js", "large.js.json"],
    ] as const) {
      const { exitCode, stdout, stderr } = await run(LARGE, "--to", to, "--out", file);
      expect([exitCode, stdout]).toEqual([0, ""]);
      expect(stderr.split("\n")[0]).toBe(`written ${file} and ${beside}`);
      expect(existsSync(join(cwd, beside))).toBe(true);
    }
  });

  it("writes a script that runs from anywhere and dies, with its numbers beside it", async () => {
    await run(LARGE, "--to", "numpy", "--out", "there.py");
    const { status, stdout } = spawnSync(testPython(), [join(cwd, "there.py")], {
      cwd: "/",
      encoding: "utf8",
    });
    expect(stdout.trim().split("\n").at(-1)).toBe("loss: expected finite, got nan");
    expect(status).toBe(1);
  });

  it("verifies it, and writes what it saw into it", async () => {
    const { exitCode, stderr } = await run(LARGE, "--to", "tfjs", "--out", "seen.js", "--verify");
    expect(exitCode).toBe(0);
    const told = `Verified: dies so with @tensorflow/tfjs 4.22.0, Node ${process.versions.node}.`;
    expect(stderr).toContain(told);
    const comment = readFileSync(join(cwd, "seen.js"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("//"))
      .map((line) => line.slice(3))
      .join(" ");
    expect(comment).toContain(told);
  });

  it.each([
    ["tfjs", ["**System information**", "**Describe the current behavior**", "**Other info / logs**"]],
    ["numpy", ["### Describe the issue:", "### Error message:", "### Context for the issue:"]],
  ])("prints what the form for bugs of %s asks for with --issue", async (to, headings) => {
    const python = to === "numpy" ? ["--python", testPython()] : [];
    const { exitCode, stdout } = await run(SMALL, "--to", to, "--verify", "--issue", ...python);
    expect(exitCode).toBe(0);
    for (const part of headings) expect(stdout).toContain(part);
    expect(stdout).toContain("`loss: expected finite, got nan`");
    expect(stdout).toContain("as the same numbers give in float64");
    expect(stdout).toMatch(
      /<details><summary>The script<\/summary>\n\n```(javascript|python)\n(\/\/|#) A training step[\s\S]*\n```\n\n<\/details>/,
    );
  });

  it("prints one document with --json, of a run that this is its fatal step", async () => {
    const { exitCode, stdout, stderr } = await run(
      LARGE,
      "--to",
      "tfjs",
      "--out",
      "json.js",
      "--verify",
      "--json",
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      to: "tfjs",
      signature: "forward/recurrence-overflow/relu",
      sentence: expect.stringContaining("dead at step 68"),
      step: 68,
      files: ["json.js", "json.js.json"],
      script: null,
      verified: {
        kind: "dies",
        factor: 1,
        versions: expect.arrayContaining(["@tensorflow/tfjs 4.22.0"]),
        onWasm: expect.stringMatching(/^On the backend wasm \(@tensorflow\/tfjs-backend-wasm 4\.22\.0\) it /),
      },
      issue: null,
    });
    expect(stderr).toContain("it is the fatal step of the fixture's run, step 68, from the state before it");
    const printed = JSON.parse((await run(SMALL, "--to", "numpy", "--json", "--issue")).stdout);
    expect(printed).toMatchObject({ step: 1, files: [], verified: null });
    expect(printed.script).toMatch(/^# A training step/);
    expect(printed.issue).toMatch(/^# BUG: /);
  });

  it.each([
    [[SMALL], "--to is missing", "give one of tfjs, pytorch, keras, tensorflow1, jax, numpy"],
    [[SMALL, "--to", "torch"], '--to is "torch"', "give it once, one of tfjs, pytorch"],
    [[LARGE, "--to", "jax"], "--out is missing: 4140 numbers are too many", "FILE.npz is written too"],
    [[SMALL, "--to", "jax", "--python", "p"], '--python is "p", and nothing is run', "give --verify too"],
    [[SMALL, "--to", "tfjs", "--verify", "--python", "p"], "--to tfjs runs in Node", "leave --python out"],
    [
      [SMALL, "--to", "jax", "--verify", "--python", "./none"],
      '--python is "./none": ',
      "give the path of a Python",
    ],
    [["none.json", "--to", "jax"], "none.json", "NANPROOF_E_"],
  ])("refuses %j", async (args, what, remedy) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(what);
    expect(stderr).toContain(remedy);
  });

  it("refuses a Python without the framework, with the command that brings it", async () => {
    writeFileSync(join(cwd, "bare"), '#!/bin/sh\nexec python3 -I -S "$@"\n', { mode: 0o755 });
    const { exitCode, stderr } = await run(SMALL, "--to", "jax", "--verify", "--python", "./bare");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--python is "./bare": it has no jax');
    expect(stderr).toContain("./bare -m pip install jax");
  });

  it("names the targets that can express what one cannot", async () => {
    // It dies as it did: its cells stay small.
    const bias = '"forgetBias": 1';
    const file = changed("clipped.json", SECOND_MOMENT, bias, `${bias}, "cellClip": 1000`);
    const { exitCode, stderr } = await run(file, "--to", "keras");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Keras cannot express it: its LSTM has no clip of the cell (model.cellClip)");
    expect(stderr).toContain("give --to tfjs, pytorch, tensorflow1, jax, numpy");
  });

  it("refuses a fixture that does not die as it says", async () => {
    const signature = '"signature": "forward/recurrence-overflow/relu"';
    const file = changed("other.json", SMALL, signature, signature.replace("recurrence", "input"));
    const { exitCode, stderr } = await run(file, "--to", "numpy");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("other.json: does not die of forward/input-overflow/relu at step 1");
  });

  it("ends on Ctrl-C, and what it runs with it", async () => {
    writeFileSync(join(cwd, "slow"), "#!/bin/sh\necho $$ > started\nexec sleep 600\n", { mode: 0o755 });
    const child = run(SMALL, "--to", "jax", "--verify", "--python", "./slow");
    const started = join(cwd, "started");
    await vi.waitUntil(() => existsSync(started) && readFileSync(started, "utf8").trim() !== "", {
      timeout: 100_000,
    });
    child.kill("SIGINT");
    expect(exitOf(await child)).toBe(130);
    const pid = Number(readFileSync(started, "utf8"));
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
