import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNanproof } from "./testing/nanproof.ts";

/** Programs are resolved from their own files: these lie within the package, as a person's do beside theirs. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const planted = join(root, "src/programs/testing/programs");
const folder = mkdtempSync(join(root, "src/programs/testing/.programs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function nanproof(...args: string[]) {
  const { exitCode, stdout, stderr } = await runNanproof(args, { cwd: folder });
  return { exitCode, stdout, stderr, json: stdout.startsWith("{") ? JSON.parse(stdout) : null };
}

/** A planted program in the folder, with something changed. */
function place(name: string, change: (source: string) => string = (source) => source, to = name): string {
  mkdirSync(join(folder, to, ".."), { recursive: true });
  writeFileSync(join(folder, to), change(readFileSync(join(planted, name), "utf8")));
  return to;
}

const program = place("log-of-zero.mjs");
const fixed = place(
  "log-of-zero.mjs",
  (source) => source.replace("tf.log(kept)", "tf.log(kept.add(1e-3))"),
  "fixed/log-of-zero.mjs",
);
let fixture = "";

beforeAll(async () => {
  const { json } = await nanproof("train", "--program", program, "--out", "found", "--json");
  fixture = json.fixture;
}, 120_000);

const read = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8"));

describe("train --program", () => {
  it("captures the death of a program: confirmed in a fresh process, minimal, with its line", () => {
    const found = read(fixture);
    expect(found).toMatchObject({
      grade: "step",
      program: { name: program },
      expected: {
        signature: "forward/log-of-zero/Log",
        site: { file: "log-of-zero.mjs", lineOf: "operation", phase: "forward", operation: "Log" },
        reproducesOn: ["process", "fresh-process"],
      },
      minimal: true,
      size: { nonZero: 0, rows: 1 },
      provenance: { run: { knobs: {}, seed: 1, steps: 1 } },
    });
    const line = readFileSync(join(folder, program), "utf8")
      .split("\n")
      .findIndex((text) => text.includes("dies here"));
    expect(found.expected.site.line).toBe(line + 1);
    expect(JSON.stringify(found)).not.toContain(folder);
  });

  it("of one that lives exits with 0 and leaves nothing", async () => {
    const { exitCode, json } = await nanproof("train", "--program", fixed, "--out", "none", "--json");
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ status: "completed", step: 3, fixture: null });
    expect(readdirSync(folder)).not.toContain("none");
  });

  it("takes knobs, seed and steps", async () => {
    const knobbed = place("knobbed.mjs");
    const { json } = await nanproof(
      ..."train --out none --json --seed 3 --steps 2 --knob units=1 --knob lengths=3,0".split(" "),
      "--program",
      knobbed,
    );
    expect(json).toMatchObject({ status: "completed", step: 2 });
  });

  it.each([
    ["--preset hardened", /--preset has no place beside --program/],
    ["--units 4", /--units has no place beside --program/],
    ["--epochs 4", /--epochs has no place/],
    ["--knob width=3", /no knob "width".*\n.*units/],
    ["--knob units=9", /it goes from 1 to 4/],
    ["--seed 0", /whole number from 1 on/],
    ["--engine explorer", /runs on tensorflow\.js/],
    ["--python python3", /is for \.py programs/],
    ["--invariant nothing.mjs", /there is no such file/],
  ])("refuses %s", async (flags, message) => {
    const { exitCode, stderr } = await nanproof(
      "train",
      "--program",
      place("knobbed.mjs"),
      ...flags.split(" "),
    );
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it.each([
    ["nothing.mjs", /there is no such file/],
    ["bad-syntax.mjs", /bad-syntax\.mjs:4: /],
    ["bad-knobs.mjs", /bad-knobs\.mjs:4: knob units is \[1,8\]/],
    ["bad-throws.mjs", /bad-throws\.mjs:10: Error in matMul/],
    ["bad-exit.mjs", /called process\.exit/],
    ["bad-never-watched.mjs", /before any step/],
  ])("tells what is wrong with %s, and where", async (name, message) => {
    if (name !== "nothing.mjs") place(name);
    const { exitCode, stderr, stdout } = await nanproof("train", "--program", name, "--json");
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  it("says so where the Python that is named does not start", async () => {
    writeFileSync(join(folder, "any.py"), "");
    const { exitCode, stderr } = await nanproof("train", "--program", "any.py", "--python", "./none");
    expect(stderr).toMatch(/any\.py: its process does not start \(spawn \.\/none ENOENT\)\n.*--python/);
    expect(exitCode).toBe(2);
  });

  it("refuses flags of programs without one", async () => {
    const { exitCode, stderr } = await nanproof("train", "--knob", "units=3");
    expect(stderr).toMatch(/--knob is given, and no --program/);
    expect(exitCode).toBe(2);
  });
});

describe("train --program of a program that ends while the cause of its death is looked for", () => {
  it("has the step that died on disk, and says how it is replayed", async () => {
    const ends = place(
      "log-of-zero.mjs",
      // It dies at its first step; run again, it ends the process.
      (source) =>
        `let runs = 0;\n${source.replace("const kept", "if (++runs > 1) process.exit(7);\n        const kept")}`,
      "ends/log-of-zero.mjs",
    );
    const { exitCode, stderr } = await nanproof("train", "--program", ends, "--out", "ended");
    expect(exitCode).toBe(2);
    const [command] = stderr.match(/npx nanproof replay .*/) ?? [];
    const [, kept = ""] = command?.match(/replay (\S+) --program ends\/log-of-zero\.mjs$/) ?? [];
    expect(read(kept).expected.site.mechanism).toBe("unknown-operation");
    const { json } = await nanproof("replay", kept, "--program", program, "--json");
    expect(json.signature).toBe("forward/log-of-zero/Log");
  });
});

describe("replay --program", () => {
  it("reproduces the death, to the bit", async () => {
    const { exitCode, json } = await nanproof("replay", fixture, "--program", program, "--json");
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      reproduced: true,
      signature: "forward/log-of-zero/Log",
      site: { line: expect.any(Number) },
    });
    expect(json.digest).toBe(read(fixture).expected.digests["fresh-process"]);
  });

  it("says of a fixed program that it diverges, and that it is another file", async () => {
    const { exitCode, json, stderr } = await nanproof("replay", fixture, "--program", fixed, "--json");
    expect(json).toMatchObject({ reproduced: false, signature: null, site: null });
    expect(stderr).toMatch(/it has changed since/);
    expect(exitCode).toBe(1);
  });

  it("is the same death where the operation has another name, and says so", async () => {
    const other = `${fixture.slice(0, -5)}-other.json`;
    const text = readFileSync(join(folder, fixture), "utf8");
    writeFileSync(
      join(folder, other),
      text.replace('"forward/log-of-zero/Log"', '"forward/log-of-zero/aten.log"'),
    );
    const { exitCode, stdout } = await nanproof("replay", other, "--program", program);
    rmSync(join(folder, other));
    expect(stdout).toMatch(/^reproduced: .*\n {2}otherwise {2}the operation is called Log here/);
    expect(exitCode).toBe(0);
  });

  it("asks for the program, which a fixture never names by its path", async () => {
    const { exitCode, stderr } = await nanproof("replay", fixture);
    expect(stderr).toMatch(/give --program PATH\/log-of-zero\.mjs/);
    expect(exitCode).toBe(2);
  });

  it("refuses a file of tensors that is not what was written", async () => {
    const copy = join(folder, "damaged");
    cpSync(join(folder, "found"), copy, { recursive: true });
    const [tensors = ""] = readdirSync(copy).filter((name) => name.endsWith(".safetensors"));
    writeFileSync(join(copy, tensors), "nothing");
    const { exitCode, stderr } = await nanproof(
      "replay",
      fixture.replace("found", "damaged"),
      "--program",
      program,
    );
    expect(stderr).toMatch(/binary\.(bytes|sha256)/);
    expect(exitCode).toBe(2);
  });
});

describe("gate --program", () => {
  const gate = (...flags: string[]) => nanproof("gate", "--fixtures", "found", "--json", ...flags);

  it("is red while the program has the fault, and green once it has not", async () => {
    const red = await gate("--program", program);
    expect(red.json).toMatchObject({
      held: [],
      failed: [{ fixture, signature: "forward/log-of-zero/Log" }],
      hunt: null,
    });
    expect(red.exitCode).toBe(1);
    const green = await gate("--program", fixed);
    expect(green.json).toMatchObject({ held: [fixture], heldByRun: [], failed: [], notJudged: [] });
    expect(green.exitCode).toBe(0);
  });

  it("judges nothing without the program of the fixture's name", async () => {
    const { json, exitCode } = await gate("--program", place("log-of-zero.mjs", undefined, "other.mjs"));
    expect(json.notJudged).toEqual([{ fixture, why: "no --program named log-of-zero.mjs" }]);
    expect(exitCode).toBe(3);
  });

  it("does not judge a program that no longer trains", async () => {
    const idle = place(
      "log-of-zero.mjs",
      (source) => source.replace("tf.log(kept).sum().neg()", "tf.mul(w, 0).sum()"),
      "idle/log-of-zero.mjs",
    );
    const { json, exitCode } = await gate("--program", idle);
    expect(json.notJudged).toEqual([{ fixture, why: expect.stringMatching(/no longer trains/) }]);
    expect(exitCode).toBe(3);
  });

  it("calls a fixture stale whose tensors are not the program's", async () => {
    const renamed = place(
      "log-of-zero.mjs",
      (source) => source.replace("variables: { w }", "variables: { v: w }"),
      "renamed/log-of-zero.mjs",
    );
    const { json, exitCode } = await gate("--program", renamed);
    expect(json.stale).toEqual([{ fixture, why: expect.stringMatching(/stale: .*/) }]);
    expect(exitCode).toBe(1);
  });

  it("calls a fixture stale whose knobs are not the program's", async () => {
    const more = place(
      "log-of-zero.mjs",
      (source) =>
        source
          .replace("import { program }", "import { integer, program }")
          .replace("steps: 3,", "knobs: { units: integer(1, 2) }, steps: 3,"),
      "more/log-of-zero.mjs",
    );
    const { json } = await gate("--program", more);
    expect(json.stale).toEqual([{ fixture, why: "stale: the program has a new knob, units" }]);
  });

  it("holds by its run where the mended program lives it, and dies of a step made small that it is never given", async () => {
    const dying = place("log-of-mean.mjs");
    const { json: trained } = await nanproof("train", "--program", dying, "--out", "mean", "--json");
    expect(read(trained.fixture).size).toMatchObject({ nonZeroInBatch: 0 });
    const gate = async (file: string) => {
      const { json, exitCode } = await nanproof("gate", "--fixtures", "mean", "--json", "--program", file);
      return { ...json, exitCode };
    };
    const mend = (to: string, more = "") =>
      place(
        "log-of-mean.mjs",
        (source) => source.replace("tf.log(w.mul(x))", `tf.log(tf.maximum(w.mul(x), 1e-6))${more}`),
        to,
      );
    expect(await gate(mend("mended/log-of-mean.mjs"))).toMatchObject({
      held: [trained.fixture],
      heldByRun: [trained.fixture],
      exitCode: 0,
    });
    // With a fault of its own that its run dies of too.
    expect(await gate(mend("worse/log-of-mean.mjs", ".div(0)"))).toMatchObject({
      held: [],
      failed: [{ fixture: trained.fixture, signature: "forward/division-by-zero/RealDiv" }],
      exitCode: 1,
    });
    expect(await gate(dying)).toMatchObject({
      held: [],
      failed: [{ fixture: trained.fixture }],
      exitCode: 1,
    });
  });

  it("holds by its run where the fault was in the data, which is no more", async () => {
    place("non-finite-input.mjs");
    const { json: trained } = await nanproof(
      "train",
      "--program",
      "non-finite-input.mjs",
      "--out",
      "data",
      "--json",
    );
    expect(trained.signature).toMatch(/^forward\/non-finite-input\//);
    const clean = place(
      "non-finite-input.mjs",
      (source) => source.replace(/Number\.NaN|NaN/g, "0.5"),
      "clean/non-finite-input.mjs",
    );
    const { json, exitCode } = await nanproof("gate", "--fixtures", "data", "--json", "--program", clean);
    expect(json).toMatchObject({ held: [trained.fixture], heldByRun: [trained.fixture], failed: [] });
    expect(exitCode).toBe(0);
  });
});

describe("hunt --program", () => {
  const hunt = (out: string, ...flags: string[]) =>
    nanproof("hunt", "--program", place("knobbed.mjs"), "--out", out, "--json", ...flags);

  it("finds deaths among its knobs and seeds, and the same whatever the number of workers", async () => {
    const one = await hunt("one", "--cases", "12", "--workers", "1");
    await hunt("two", "--cases", "12", "--workers", "2");
    expect(one.exitCode).toBe(1);
    expect(one.json).toMatchObject({ cases: 12 });
    expect(one.json.failures.length).toBeGreaterThan(0);
    for (const failure of one.json.failures)
      expect(failure).toMatchObject({ confirmed: true, site: { phase: expect.any(String) } });
    const bytes = (out: string) =>
      readdirSync(join(folder, out))
        .filter((name) => !name.startsWith("."))
        .map((name) => [name, readFileSync(join(folder, out, name)).toString("base64")]);
    expect(bytes("two")).toEqual(bytes("one"));
    expect(one.json.replay).toContain("--program knobbed.mjs");
  }, 240_000);

  it("leaves deaths of other programs in its folder alone, as a hunt of the LSTM does", async () => {
    const mixed = join(folder, "mixed");
    cpSync(join(folder, "found"), mixed, { recursive: true });
    const [lstm = ""] = readdirSync(join(root, "fixtures")).filter((name) =>
      /relu-[0-9a-f]+\.json$/.test(name),
    );
    cpSync(join(root, "fixtures", lstm), join(mixed, lstm));
    const own = await hunt("mixed", "--cases", "1");
    expect([0, 1], own.stderr).toContain(own.exitCode);
    expect(own.stderr).toContain("is not replayed: it is a death of nanproof's own LSTM");
    expect(own.stderr).toContain("is not replayed: it is a death of the program log-of-zero.mjs");
    const other = await nanproof("hunt", "--cases", "1", "--out", "mixed", "--json");
    expect([0, 1], other.stderr).toContain(other.exitCode);
    expect(other.stderr).toContain("is not replayed: it is a death of the program log-of-zero.mjs");
    expect(other.stderr).toContain("replayed 1 fixtures: 1 die as they should");
  });

  it("replays what it held before, and says that the program has changed", async () => {
    place("knobbed.mjs", (source) => `${source}\n// changed\n`);
    const { stderr } = await nanproof(
      "hunt",
      "--program",
      "knobbed.mjs",
      "--out",
      "one",
      "--json",
      "--cases",
      "1",
    );
    expect(stderr).toMatch(/knobbed\.mjs has changed since the last hunt here/);
    expect(stderr).toMatch(/replayed \d fixtures?/);
  });

  it("refuses a script, with the lines that make it a program", async () => {
    const { exitCode, stderr } = await nanproof("hunt", "--program", place("script-log-of-zero.mjs"));
    expect(stderr).toMatch(/export default program[\s\S]*is a script/);
    expect(exitCode).toBe(2);
  });

  it("loses a case that throws, with the person's line, and goes on", async () => {
    const throws = place("bad-throws.mjs");
    const { exitCode, stderr, json } = await nanproof(
      "hunt",
      "--program",
      throws,
      "--cases",
      "2",
      "--out",
      "lost",
      "--json",
    );
    expect(stderr).toMatch(/case 0: crash \(bad-throws\.mjs:10: Error in matMul/);
    expect(json).toMatchObject({ cases: 2, deaths: 0 });
    expect(exitCode).toBe(3);
  });
});

describe("a script of a person's own", () => {
  it("writes its death down, which is replayed, shrunk and gated", async () => {
    const script = place("script-log-of-zero.mjs");
    const ran = await execa(process.execPath, [script], { cwd: folder, reject: false });
    expect(ran.stderr).toMatch(/npx nanproof replay \S+ --program script-log-of-zero\.mjs/);
    const [capture = ""] = readdirSync(join(folder, "nanproof-findings")).filter((name) =>
      name.endsWith(".json"),
    );
    const path = `nanproof-findings/${capture}`;
    const replayed = await nanproof("replay", path, "--program", script, "--json");
    expect(replayed.json).toMatchObject({ reproduced: true, signature: "forward/log-of-zero/Log" });
    const shrunk = await nanproof("shrink", path, "--program", script, "--out", "small", "--json");
    expect(shrunk).toMatchObject({ exitCode: 0, json: { minimal: true, after: { nonZeroInBatch: 0 } } });
    const gated = await nanproof("gate", "--fixtures", "small", "--program", script, "--json");
    expect(gated.json.failed).toHaveLength(1);
    const updated = await nanproof("replay", path, "--program", script, "--update");
    expect(updated.exitCode).toBe(0);
    expect(read(path)).toMatchObject({
      schemaVersion: 1,
      expected: { signature: "forward/log-of-zero/Log" },
    });
  }, 120_000);
});

describe("shrink --run --program", () => {
  it("finds a smaller run of the program that dies the same way", async () => {
    const found = readdirSync(join(folder, "one")).filter((name) => name.endsWith(".json"))[0];
    place("knobbed.mjs");
    const { json, exitCode } = await nanproof(
      ...`shrink one/${found} --run --candidates 25 --program knobbed.mjs --out runs --json`.split(" "),
    );
    expect(exitCode).toBe(0);
    expect(json.after.steps).toBeLessThanOrEqual(json.before.steps);
    const run = read(json.fixture);
    expect(run.grade).toBe("run");
    const again = await nanproof("replay", json.fixture, "--program", "knobbed.mjs", "--json");
    expect(again.json).toMatchObject({ reproduced: true });
  }, 240_000);
});
