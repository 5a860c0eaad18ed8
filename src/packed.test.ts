import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkStrictly } from "./cli/testing/strictConsumer.ts";

/**
 * The folder that `npm pack` makes, unpacked, with no more in reach than it declares. The packages that it needs are symlinks, as pnpm has
 * them.
 */
const consumer = mkdtempSync(join(tmpdir(), "nanproof-consumer-"));
const installed = join(consumer, "node_modules/nanproof");
let tarball = "";

beforeAll(async () => {
  const { stdout } = await execa("npm", [
    "pack",
    ...["--ignore-scripts", "--offline", "--json", "--pack-destination", consumer],
  ]);
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  tarball = join(consumer, packed?.filename ?? "");
  mkdirSync(installed, { recursive: true });
  await execa("tar", ["-xzf", tarball, "-C", installed, "--strip-components", "1"]);
  const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  // vitest is the consumer's own: nanproof/vitest adds to it.
  for (const name of [...Object.keys(dependencies), "vitest"]) link(name);
});
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

function link(name: string): void {
  const to = join(consumer, "node_modules", ...name.split("/"));
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(resolve("node_modules", name), to, "junction");
}

describe("the tarball", () => {
  it("is found nothing wrong with by publint", async () => {
    const { buffer } = new Uint8Array(readFileSync(tarball));
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it("has types that fit what they are of, says attw (ES modules: there is nothing for require)", async () => {
    const { stdout, exitCode } = await execa(
      "attw",
      [tarball, "--profile", "esm-only", "--no-definitely-typed", "--format", "json"],
      { reject: false, preferLocal: true },
    );
    const { analysis } = JSON.parse(stdout) as {
      analysis: { entrypoints: object; problems: { resolutionKind?: string }[] };
    };
    expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining([".", "./vitest", "./program"]));
    const isIgnored = ({ resolutionKind = "" }) => ["node10", "node16-cjs"].includes(resolutionKind);
    expect(analysis.problems.filter((problem) => !isIgnored(problem))).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe.each(["nodenext", "bundler"] as const)(
  "a strict TypeScript program (moduleResolution %s)",
  (resolution) => {
    it("checks all types that it is shown, and is shown none of tensorflow.js's, which have errors", async () => {
      writeFileSync(
        join(consumer, "program.ts"),
        `import { hunt, safeGlobalNorm, train } from "nanproof";
import "nanproof/vitest";
import { integer, program, watch } from "nanproof/program";
export const used = [hunt, safeGlobalNorm, train, watch];
export default program({
  knobs: { units: integer(1, 4) },
  steps: 2,
  train({ knobs, random }) {
    const units: number = knobs.units;
    // @ts-expect-error: there is no such knob.
    return [units, random(), knobs.layers];
  },
});
`,
      );
      const { errors, exitCode, files } = await checkStrictly(consumer, resolution);
      expect(errors).toEqual([]);
      expect(exitCode).toBe(0);
      expect(files.some((file) => file.endsWith("nanproof/dist/index.d.ts"))).toBe(true);
      expect(files.filter((file) => file.includes("@tensorflow"))).toEqual([]);
    });
  },
);

/** The Nodes that .ci/nodes brings: the oldest of each line that package.json allows, and the newest 24. */
const NODES = ["20.19.0", "22.12.0", "24"];

/** A Node that .ci/nodes has brought, else that of this run where it is of the same line; null where there is none. */
function nodeOf(version: string): string | null {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const brought = join(cache, "nanproof/nodes", version, "node");
  if (existsSync(brought)) return brought;
  const [line] = version.split(".");
  return process.versions.node.split(".")[0] === line ? process.execPath : null;
}

describe.each(NODES)("on Node %s", (version) => {
  const [line] = version.split(".");
  const found = nodeOf(version);
  const node = found ?? "";
  const skipped = found === null ? " (SKIPPED: there is no such Node here; .ci/nodes brings it)" : "";
  const run = (...args: string[]) =>
    execa(node, args, { cwd: consumer, reject: false, stdin: "ignore", env: { NODE_OPTIONS: "" } });
  const command = join(installed, "dist/cli/main.js");

  it.skipIf(skipped !== "")(`every export can be imported${skipped}`, async () => {
    const script = `const all = await Promise.all(["nanproof", "nanproof/program"].map((name) => import(name)));
      const json = await import("nanproof/package.json", { with: { type: "json" } });
      console.log(JSON.stringify([process.version, ...all.map((one) => typeof (one.hunt ?? one.watch)), json.default.name]));`;
    const { stdout, stderr } = await run("--input-type=module", "-e", script);
    expect(stderr.replace(/^.*(Warning|--trace-warnings).*$/gm, "").trim()).toBe("");
    const [shown, ...rest] = JSON.parse(stdout) as string[];
    expect(shown?.startsWith(`v${line}.`)).toBe(true);
    expect(rest).toEqual(["function", "function", "nanproof"]);
  });

  it.skipIf(skipped !== "")(
    `the command replays a fixture of its own, runs a program, and makes a bundle that runs${skipped}`,
    async () => {
      expect(await run(command, "--version")).toMatchObject({ exitCode: 0, stdout: "0.1.0" });
      const fixture = join(installed, "fixtures/forward-recurrence-overflow-relu-92253bf5a3fc.json");
      expect(await run(command, "replay", fixture)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("(as recorded)"),
      });
      const program = join(installed, "examples/masked-loss.mjs");
      const trained = await run(
        command,
        "train",
        "--program",
        program,
        "--no-shrink",
        "--out",
        `out-${version}`,
      );
      expect(trained, trained.stderr).toMatchObject({ exitCode: 1 });
      expect(trained.stdout).toContain("backward/masked-branch/RealDiv");

      const [name = ""] = readdirSync(join(consumer, `out-${version}`)).filter((file) =>
        file.endsWith(".json"),
      );
      const bundle = ["--to", "bundle", "--program", program, "--out", `bundle-${version}`];
      expect(await run(command, "export", `out-${version}/${name}`, ...bundle)).toMatchObject({
        exitCode: 0,
      });
      expect(await run(`bundle-${version}/reproduce.mjs`)).toMatchObject({
        exitCode: 1,
        stdout: expect.stringMatching(/\ngradient: expected finite, got nan$/),
      });
    },
  );
});
