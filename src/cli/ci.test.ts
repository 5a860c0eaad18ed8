import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeFixture } from "../fixtures/store.ts";
import { storedFixture } from "../library/testing/storedFixture.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { growingUnit } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { MAIN } from "./testing/nanproof.ts";

interface Step {
  id?: string;
  name?: string;
  if?: string;
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
const bin = `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
writeFileSync(join(cwd, "node_modules/.bin/nanproof"), bin, { mode: 0o755 });

/** Runs a script as a CI runner does: bash, ended by the first command that fails, in a pipe too. */
const bash = (script: string, env: Record<string, string> = {}) =>
  execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], { cwd, env, reject: false });

describe("action.yml", () => {
  const action = parse(readFileSync("action.yml", "utf8")) as Action;
  const stepOf = (id: string) => action.runs.steps.find((step) => step.id === id) as Step;
  const gate = stepOf("gate");

  /** Fills in the expressions of this action, as GitHub does. */
  function filled(text: string, inputs: Record<string, string>): string {
    return text.replace(/\$\{\{ *([\w.]+) *\}\}/g, (_, name: string) => {
      if (name === "github.action_path") return resolve(".");
      if (name === "steps.node.outputs.path") return apart;
      const input = /^inputs\.(.+)$/.exec(name)?.[1] ?? "";
      const value = inputs[input] ?? action.inputs[input]?.default;
      if (value === undefined) throw new Error(`no such expression: ${name}`);
      return value;
    });
  }

  /** The folder that the step before has put another Node in; empty for none. */
  let apart = "";

  const run = (inputs: Record<string, string>) => {
    const env = Object.fromEntries(
      Object.entries(gate.env ?? {}).map(([name, value]) => [name, filled(value, inputs)]),
    );
    writeFileSync(join(cwd, "output"), "");
    return bash(gate.run ?? "", { ...env, RUNNER_TEMP: cwd, GITHUB_OUTPUT: join(cwd, "output") });
  };

  it("is composite, installs in its own folder, and its values come in by the environment alone", () => {
    expect(action.runs.using).toBe("composite");
    const install = action.runs.steps.find((step) => step.run?.includes("npm ci"));
    expect(filled(install?.["working-directory"] ?? "", {})).toBe(resolve("."));
    expect(existsSync("package-lock.json")).toBe(true);
    for (const step of action.runs.steps) expect(step.run ?? "").not.toContain("${{");
    for (const step of action.runs.steps) if (step.run) expect(step.shell).toBe("bash");
  });

  it("is green where the subject holds, and leaves the report that it names", async () => {
    const { exitCode } = await run({ budget: "0" });
    const [named = ""] = readFileSync(join(cwd, "output"), "utf8").split("\n");
    const report = named.replace(/^report=/, "");
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({ subject: "hardened", failed: [] });
    expect(exitCode).toBe(0);
    expect(action.outputs.report?.value).toMatch(/^\$\{\{ steps\.gate\.outputs\.report \}\}$/);
  });

  it("keeps what the hunt found where the step is red too", async () => {
    rmSync(join(cwd, "nanproof-findings"), { recursive: true, force: true });
    const { exitCode } = await run({ budget: "20s", subject: "l2" });
    const [report, findings] = readFileSync(join(cwd, "output"), "utf8").trim().split("\n");
    const { hunt } = JSON.parse(readFileSync(report?.replace("report=", "") ?? "", "utf8"));
    expect(exitCode).toBe(1);
    expect(findings).toBe("findings=nanproof-findings");
    expect(hunt.failures.length).toBeGreaterThan(0);
    for (const { fixture } of hunt.failures) {
      expect(fixture).toMatch(/^nanproof-findings\/[\w-]+\.json$/);
      expect(existsSync(join(cwd, fixture))).toBe(true);
    }
    const upload = action.runs.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@")) as Step;
    expect(action.runs.steps.indexOf(upload)).toBeGreaterThan(action.runs.steps.indexOf(gate));
    expect(upload.if).toMatch(/^always\(\)/);
    expect(upload.with?.path?.trim().split("\n")).toEqual([
      action.outputs.report?.value,
      `${findings?.replace("findings=", "")}/`,
    ]);
  });

  describe("leaves the caller's Node alone:", () => {
    const look = stepOf("node");
    const bin = join(cwd, "bin");
    const tools = ["bash", "sh", "mkdir"].map((tool) => [
      tool,
      execaSync("sh", ["-c", `command -v ${tool}`]).stdout,
    ]);
    const exits = (version: string) => {
      const [major = "", minor = ""] = version.split(".");
      return `#!/bin/sh
test "$1" = --version && { echo v${version}; exit; }
exec "${process.execPath}" -e "Object.defineProperty(process, 'versions', { value: { node: '${major}.${minor}.0' } }); $2"
`;
    };

    /** Runs the step that looks for Node, with these commands and no others of theirs; what it puts out. */
    async function lookWith(commands: Record<string, string>) {
      rmSync(bin, { recursive: true, force: true });
      mkdirSync(bin);
      for (const [tool = "", path = ""] of tools) symlinkSync(path, join(bin, tool));
      for (const [name, script] of Object.entries(commands))
        writeFileSync(join(bin, name), script, { mode: 0o755 });
      for (const name of ["output", "path", "env"]) writeFileSync(join(cwd, name), "");
      const { exitCode, stderr } = await bash(look.run ?? "", {
        PATH: bin,
        RUNNER_TEMP: cwd,
        GITHUB_OUTPUT: join(cwd, "output"),
        GITHUB_PATH: join(cwd, "path"),
        GITHUB_ENV: join(cwd, "env"),
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      for (const name of ["path", "env"]) expect(readFileSync(join(cwd, name), "utf8")).toBe("");
      return Object.fromEntries(
        readFileSync(join(cwd, "output"), "utf8")
          .trim()
          .split("\n")
          .map((line) => line.split("=")),
      );
    }

    it.each(["20.19.0", "22.12.0", "24.0.1", "26.1.0"])("%s is fit, and used", async (version) => {
      expect(await lookWith({ node: exits(version), npm: "#!/bin/sh\nexit 9\n" })).toEqual({ found: "fit" });
    });

    it.each(["18.20.8", "20.18.3", "22.11.0", "23.4.0"])(
      "beside %s another is put apart",
      async (version) => {
        const npm = `#!/bin/sh\necho "$*" > asked\nmkdir -p node_modules/.bin\n`;
        const found = await lookWith({ node: exits(version), npm });
        expect(found).toEqual({ found: "apart", path: join(cwd, "nanproof-node/node_modules/.bin") });
        expect(readFileSync(join(cwd, "nanproof-node/asked"), "utf8")).toMatch(
          /^install .*--prefix \. node@22 /,
        );
        apart = join(cwd, "apart");
        mkdirSync(apart, { recursive: true });
        writeFileSync(join(apart, "node"), `#!/bin/sh\necho apart: "$3" "$5"\n`, { mode: 0o755 });
        const { stdout } = await run({ budget: "0" });
        apart = "";
        expect(stdout).toBe("apart: --fixtures --subject");
      },
    );

    it("none is there to be changed", async () => {
      expect(await lookWith({})).toEqual({ found: "none" });
    });

    it("its versions are those of package.json, and setup-node comes where there is none alone", () => {
      expect(JSON.parse(readFileSync("package.json", "utf8")).engines.node).toBe("^20.19 || ^22.12 || >=24");
      for (const step of action.runs.steps.filter(({ uses }) => uses?.startsWith("actions/setup-node@")))
        expect(step.if).toBe("steps.node.outputs.found == 'none'");
      for (const step of action.runs.steps) expect(step.run ?? "").not.toMatch(/GITHUB_(PATH|ENV)/);
    });
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

  it("keeps what the hunt found, in every example that runs the gate itself", () => {
    const [own, , gitlab] = blocks;
    const upload = own.jobs.gate.steps.at(-1) as Step;
    expect(upload).toMatchObject({ uses: "actions/upload-artifact@v4", if: "always()" });
    expect(upload.with?.path).toBe("nanproof-findings/");
    expect(gitlab.nanproof.artifacts).toMatchObject({ when: "always" });
    expect(gitlab.nanproof.artifacts.paths).toContain("nanproof-findings/");
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
