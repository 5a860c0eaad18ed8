/**
 * Checks that a build of the native products gives the bits of WebAssembly, at every width that this processor has, forced one by one:
 * the committed table of digests, and unless --cases is 0 all recordings, every fixture and that many generated cases.
 *
 *     tsx scripts/products-bits.ts LIBRARY [--cases 500]
 *
 * LIBRARY is a URL or a path. A process for one library: see check-products.ts, which builds several.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bitsOf, differences } from "../properties/testing/allBits.ts";
import { explorerEngine } from "../src/programs/lstm/engines/explorer/engine.ts";
import { compileKernels } from "../src/programs/lstm/engines/explorer/kernels.ts";
import { findLibrary } from "../src/programs/lstm/engines/explorer/products/library.ts";
import { nativeProducts, WASM_PRODUCTS } from "../src/programs/lstm/engines/explorer/products/products.ts";

const { values, positionals } = parseArgs({
  options: { cases: { type: "string", default: "500" } },
  allowPositionals: true,
});
const cases = Number(values.cases);
const [given] = positionals;
if (given === undefined || !Number.isInteger(cases) || cases < 0)
  throw new Error("usage: tsx scripts/products-bits.ts LIBRARY [--cases 500]");
const found = findLibrary(given.startsWith("file:") ? new URL(given) : pathToFileURL(resolve(given)));
if (!found.found) throw new Error(`${given}: ${found.reason} ${found.detail}`);

const module = compileKernels();
const wanted = await bitsOf(explorerEngine(module, WASM_PRODUCTS), cases);
for (const products of nativeProducts(found)) {
  const got = await bitsOf(explorerEngine(module, products), cases);
  const wrong = differences(wanted, got);
  console.log(`${products.name}: ${wanted.size - wrong.length} of ${wanted.size} runs with the same bits`);
  for (const name of wrong.slice(0, 10)) console.error(`  other bits: ${name}`);
  if (wrong.length > 0 || wanted.size === 0) process.exitCode = 1;
}
