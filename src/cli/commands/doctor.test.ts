import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ENGINE_NAMES } from "../../programs/lstm/engines/engine.ts";
import { runNanproof } from "../testing/nanproof.ts";

const caches = mkdtempSync(join(tmpdir(), "nanproof-doctor-"));
afterAll(() => rmSync(caches, { recursive: true, force: true }));

/** Runs a command where the lane is looked for in a cache of its own. */
const nanproof = (cache: string, ...args: string[]) =>
  runNanproof(args, { env: { XDG_CACHE_HOME: join(caches, cache) } });

/** A lane whose package runs `code` as it is loaded. */
function plantLane(cache: string, code: string): void {
  const lane = join(caches, cache, "nanproof", "native", `4.22.0-cpu-${process.platform}-${process.arch}`);
  const files: Record<string, string> = {
    "lane.json": "{}",
    "node_modules/@tensorflow/tfjs-node/package.json": '{"name":"@tensorflow/tfjs-node","version":"4.22.0"}',
    "node_modules/@tensorflow/tfjs-node/index.js": code,
    "node_modules/@tensorflow/tfjs/index.js": "",
    "node_modules/@tensorflow/tfjs-core/index.js": "",
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(lane, file, ".."), { recursive: true });
    writeFileSync(join(lane, file), text);
  }
}

async function doctored(cache: string) {
  const { exitCode, stdout } = await nanproof(cache, "doctor", "--json");
  const document = JSON.parse(stdout);
  expect(document.engines.map(({ engine }: { engine: string }) => engine)).toEqual([...ENGINE_NAMES]);
  return { exitCode, document, native: document.engines.at(-1) };
}

describe("nanproof doctor", () => {
  it("finds the engines that need nothing working, and says what adds the one that is missing", async () => {
    const { exitCode, document, native } = await doctored("empty");
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ ok: true, machine: { node: process.versions.node, wasmSimd: true } });
    for (const engine of document.engines.slice(0, -1))
      expect(engine).toMatchObject({ status: "works", recording: "single-step", steps: 15 });
    expect(native).toMatchObject({ engine: "tfjs-node", status: "missing" });
    expect(native.remedy).toContain("npm run native");
  });

  it("says what computes the explorer's matrix products, and what else there is", async () => {
    const { document } = await doctored("empty");
    const { products } = document.engines[0];
    expect(products.used).toBe(products.missing === null ? products.widths[0] : "wasm");
    expect(products.missing?.remedy ?? "npm run native -- --products").toBe("npm run native -- --products");
    const off = await runNanproof(["doctor"], {
      env: { XDG_CACHE_HOME: join(caches, "empty"), NANPROOF_PRODUCTS: "wasm" },
    });
    expect(off.stdout).toMatch(/^explorer.*\n {11}matrix products in WebAssembly/m);
  });

  it("says in words what it found", async () => {
    const { exitCode, stdout } = await nanproof("empty", "doctor");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^explorer {3}works .* agrees with TensorFlow 1 over 15 steps of single-step$/m);
    expect(stdout).toMatch(/^tfjs-node {2}missing .*\n {11}add it: npm run native$/m);
  });

  it.each([
    [
      "that throws",
      'throw new Error("libtensorflow.so.2: cannot open shared object file")',
      /libtensorflow\.so\.2: cannot/,
    ],
    ["that takes its process along", "process.abort()", /its process died of SIGABRT/],
    ["that leaves no backend", "module.exports = {}", /does not load/],
  ])("outlives a package %s, and calls it broken", async (name, code, reason) => {
    plantLane(name, code);
    const { exitCode, native } = await doctored(name);
    expect(exitCode).toBe(0);
    expect(native).toMatchObject({ status: "broken", package: { version: "4.22.0" } });
    expect(native, "nothing is known of a GPU").not.toHaveProperty("gpu");
    expect(native.reason).toMatch(reason);
    expect(native.remedy).toContain("npm run native");
  });
});

describe("NANPROOF_PRODUCTS", () => {
  const bench = (products: string) =>
    runNanproof(["bench", "--engines", "explorer", "--sizes", "2x1x1", "--seconds", "0.01", "--json"], {
      env: { NANPROOF_PRODUCTS: products },
    });

  it("=wasm is what bench then says", async () => {
    const { stdout } = await bench("wasm");
    expect(JSON.parse(stdout)).toMatchObject({ products: "wasm", rows: [{ engine: "explorer" }] });
  });

  it("that there is not is wrong use", async () => {
    const { exitCode, stderr } = await bench("avx1024");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/NANPROOF_PRODUCTS is "avx1024".*\n.*\[NANPROOF_E_PRODUCTS\]$/);
  });
});

describe("--engine tfjs-node", () => {
  const compare = (cache: string) =>
    nanproof(cache, "compare", "fixtures/recordings/single-step.json", "--engine", "tfjs-node");

  it("where it is not installed is wrong use, with the command that adds it", async () => {
    const { exitCode, stderr } = await compare("empty");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /tfjs-node is not installed.*\n {2}add it: npm run native {2}\[NANPROOF_E_ENGINE_MISSING\]$/,
    );
  });

  it("where it does not load is wrong use, with what it says", async () => {
    plantLane("broken", 'throw new Error("no binding")');
    const { exitCode, stderr } = await compare("broken");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /does not load: no binding\n {2}make it anew: .* {2}\[NANPROOF_E_ENGINE_BROKEN\]$/,
    );
  });

  it("is left out of bench with a word where it is not installed", async () => {
    const { exitCode, stdout, stderr } = await nanproof(
      "empty",
      "bench",
      "--sizes",
      "2x1x1",
      "--seconds",
      "0.01",
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain("tfjs-node is left out");
    expect(stdout).not.toContain("tfjs-node");
  });
});
