/**
 * Claim: the explorer's products give the same bits as native code and as WebAssembly, over whole runs, at every width of vectors that
 * this processor has. 500 cases; `NANPROOF_RUNS=1000` makes 2,000 of them.
 */
import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { DOMAINS } from "../src/programs/lstm/cases/domains.ts";
import { presets } from "../src/programs/lstm/cases/presets.ts";
import { explorerEngine } from "../src/programs/lstm/engines/explorer/engine.ts";
import { compileKernels } from "../src/programs/lstm/engines/explorer/kernels.ts";
import { WASM_PRODUCTS } from "../src/programs/lstm/engines/explorer/products/products.ts";
import { LEFT_OUT, NATIVE } from "../src/programs/lstm/engines/explorer/testing/nativeProducts.ts";
import { trainingCase } from "../src/programs/lstm/generation/trainingCase.ts";
import { digestOf } from "../src/programs/lstm/relations/sameBits.ts";
import { bitsOf, differences } from "./testing/allBits.ts";
import { profile } from "./testing/profile.ts";

const module = compileKernels();
const wasm = explorerEngine(module, WASM_PRODUCTS);
const engines = NATIVE.map((products) => ({ name: products.name, engine: explorerEngine(module, products) }));

describe.skipIf(engines.length === 0)("native and WebAssembly", async () => {
  const wanted = engines.length === 0 ? new Map<string, string>() : await bitsOf(wasm, 1);

  test.each(engines)("$name: the committed table, every recording, every fixture", async ({ engine }) => {
    expect(wanted.size).toBeGreaterThan(80);
    expect(differences(wanted, await bitsOf(engine, 1))).toEqual([]);
  });
});

test.skip.each(LEFT_OUT)("%s", () => {});

describe.skipIf(engines.length === 0).each(["published", "hardened"] as const)(
  "native and WebAssembly, %s",
  (preset) => {
    describe.each(["wide", "stress"] as const)("in the %s domain", (domain) => {
      const runs = profile(`native products, ${preset}, ${domain}`, 125);
      test.prop([trainingCase(DOMAINS[domain], presets[preset])], runs)(runs.name, (testCase) => {
        const wanted = digestOf(wasm, testCase);
        for (const { name, engine } of engines) expect(digestOf(engine, testCase), name).toBe(wanted);
      });
    });
  },
);
