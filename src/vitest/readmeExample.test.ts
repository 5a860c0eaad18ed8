import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNanproof } from "../cli/testing/nanproof.ts";

/** A user's project: the README's example in it, and its dependencies. */
const project = realpathSync(mkdtempSync(join(tmpdir(), "nanproof-example-")));
const example = /```ts\n(import \{ test \} from "@fast-check\/vitest";[^`]*)```/.exec(
  readFileSync("README.md", "utf8"),
)?.[1];
const bin = (name: string) => resolve("node_modules", ".bin", name);

beforeAll(() => {
  const modules = join(project, "node_modules");
  mkdirSync(modules);
  for (const name of ["vitest", "@fast-check", "fast-check", "@types"])
    symlinkSync(resolve("node_modules", name), join(modules, name));
  symlinkSync(resolve("."), join(modules, "nanproof"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(project, { recursive: true }));

async function runExample(source: string) {
  const file = join(project, "example.test.ts");
  writeFileSync(file, source);
  const { all, exitCode } = await execa(bin("vitest"), ["run", "--no-color", "--testTimeout=100000"], {
    cwd: project,
    all: true,
    reject: false,
    env: { CI: "", FORCE_COLOR: "0" },
  });
  return { all, exitCode };
}

describe("the README's example of a property", () => {
  it("has five lines besides its imports, and types", async () => {
    expect(example).toBeDefined();
    const own = (example ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("import"));
    expect(own.length).toBeLessThanOrEqual(5);
    writeFileSync(join(project, "example.ts"), example ?? "");
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck"];
    const { stdout, exitCode } = await execa(bin("tsc"), [...options, "example.ts"], {
      cwd: project,
      reject: false,
    });
    expect(stdout).toBe("");
    expect(exitCode).toBe(0);
  });

  it("passes", async () => {
    const { all, exitCode } = await runExample(example ?? "");
    expect(all).toContain("1 passed");
    expect(exitCode).toBe(0);
  });

  it("fails with the preset that dies, and its message ends with what replays the death", async () => {
    const hot = "{ ...DOMAINS.default, time: { min: 64, max: 64 }, learningRate: { min: 0.3, max: 0.3 } }";
    const source = (example ?? "")
      .replace("DOMAINS.default", hot)
      .replace("presets.hardened", "presets.published")
      .replace("numRuns: 20", "numRuns: 200, seed: 1");
    const { all, exitCode } = await runExample(source);
    expect(exitCode).toBe(1);
    const command = /replay it: npx nanproof (replay nanproof-findings\/training-stays-finite\S*\.json)/.exec(
      all,
    )?.[1];
    const replay = await runNanproof((command ?? "").split(" "), { cwd: project });
    expect(replay.stdout).toContain("reproduced: nanproof-findings/training-stays-finite");
    const fixture = JSON.parse(readFileSync(join(project, (command ?? "").split(" ")[1] ?? ""), "utf8"));
    expect(fixture.minimal).toBe(true);
    expect(fixture.expected.reproducesOn).toContain("tfjs-wasm");
  });
});
