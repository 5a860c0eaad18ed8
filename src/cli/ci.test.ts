import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { openEngine } from "../engines/open.ts";
import { growingUnit } from "../engines/tfjs/testing/smallCase.ts";
import { writeFixture } from "../fixtures/store.ts";
import { storedFixture } from "../fixtures/testing/storedFixture.ts";

interface Step {
  uses?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
  "working-directory"?: string;
}
interface Action {
  inputs: Record<string, { default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

const cwd = mkdtempSync(join(tmpdir(), "nanproof-ci-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const { fixture } = await storedFixture(growingUnit(), "step", await openEngine("explorer"));
writeFixture(join(cwd, "fixtures"), fixture);
writeFileSync(
  join(cwd, "my-fix.mjs"),
  /```js\n([\s\S]*?)```/.exec(readFileSync("docs/ci.md", "utf8"))?.[1] ?? "",
);
// What `npx nanproof` finds where the package is installed.
mkdirSync(join(cwd, "node_modules/.bin"), { recursive: true });
const bin = `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli/main.js")}" "$@"\n`;
writeFileSync(join(cwd, "node_modules/.bin/nanproof"), bin, { mode: 0o755 });

/** Runs a script as a CI runner does: bash, ended by the first command that fails, in a pipe too. */
const bash = (script: string, env: Record<string, string> = {}) =>
  execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], { cwd, env, reject: false });

describe("action.yml", () => {
  const action = parse(readFileSync("action.yml", "utf8")) as Action;
  const gate = action.runs.steps.find(({ env }) => env !== undefined) as Step;

  /** What GitHub puts in for an expression of this action. */
  function filled(text: string, inputs: Record<string, string>): string {
    return text.replace(/\$\{\{ *([\w.]+) *\}\}/g, (_, name: string) => {
      if (name === "github.action_path") return resolve(".");
      const input = /^inputs\.(.+)$/.exec(name)?.[1] ?? "";
      const value = inputs[input] ?? action.inputs[input]?.default;
      if (value === undefined) throw new Error(`no such expression: ${name}`);
      return value;
    });
  }

  const run = (inputs: Record<string, string>) => {
    const env = Object.fromEntries(
      Object.entries(gate.env ?? {}).map(([name, value]) => [name, filled(value, inputs)]),
    );
    writeFileSync(join(cwd, "output"), "");
    return bash(gate.run ?? "", { ...env, RUNNER_TEMP: cwd, GITHUB_OUTPUT: join(cwd, "output") });
  };

  it("is composite, installs in its own folder, and its values come in by the environment alone", () => {
    expect(action.runs.using).toBe("composite");
    const install = action.runs.steps.find((step) => step.run === "npm ci");
    expect(filled(install?.["working-directory"] ?? "", {})).toBe(resolve("."));
    expect(existsSync("package-lock.json")).toBe(true);
    for (const step of action.runs.steps) expect(step.run ?? "").not.toContain("${{");
    for (const step of action.runs.steps) if (step.run) expect(step.shell).toBe("bash");
  });

  it("is green where the subject holds, and leaves the report that it names", async () => {
    const { exitCode } = await run({ budget: "0" });
    const report = readFileSync(join(cwd, "output"), "utf8")
      .trim()
      .replace(/^report=/, "");
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({ subject: "hardened", failed: [] });
    expect(exitCode).toBe(0);
    expect(action.outputs.report?.value).toMatch(/^\$\{\{ steps\.gate\.outputs\.report \}\}$/);
  });

  it("is red where it does not, though the report went through a pipe", async () => {
    expect((await run({ budget: "0", subject: "published-clip" })).exitCode).toBe(1);
    expect((await run({ budget: "0", fixtures: "no where" })).exitCode).toBe(2);
  });
});

describe("docs/ci.md", () => {
  const page = readFileSync("docs/ci.md", "utf8");
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parse(text ?? ""));

  it("has workflows that use the action by inputs that it has", () => {
    const action = parse(readFileSync("action.yml", "utf8")) as Action;
    const uses = blocks
      .flatMap((block) => block.jobs?.gate?.steps ?? [])
      .filter(({ uses: name }) => name === "./nanproof");
    expect(uses).toHaveLength(1);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(uses[0].with)));
  });

  it("shows commands that run as they stand", async () => {
    const scripts: string[] = blocks.flatMap((block) => [
      ...(block.jobs?.gate?.steps ?? []).flatMap(({ run }: Step) => run ?? []),
      ...(block.nanproof?.script ?? []),
    ]);
    const gates = scripts.filter((script) => script.includes("nanproof gate"));
    expect(gates).toHaveLength(2);
    for (const script of gates) {
      const { exitCode, stderr } = await bash(script.replace("--budget 60s", "--budget 0"));
      expect(stderr).not.toContain("NANPROOF_E");
      expect(exitCode).toBe(0);
    }
  });
});
