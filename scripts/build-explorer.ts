/**
 * Compiles the explorer's kernels to dist/engines/explorer/explorer.wasm.
 *
 *     tsx scripts/build-explorer.ts
 *
 * No relaxed SIMD: its results differ from machine to machine. The stub runtime frees nothing, and
 * nothing is allocated: the host lays out the memory above __heap_base itself.
 */
import asc from "assemblyscript/asc";

const SOURCE = "src/engines/explorer/assembly/index.ts";
const TARGET = "dist/engines/explorer/explorer.wasm";

const { error, stderr } = await asc.main([
  SOURCE,
  "--outFile",
  TARGET,
  "--optimizeLevel",
  "3",
  "--shrinkLevel",
  "0",
  "--converge",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--disable",
  "mutable-globals",
  "--use",
  "abort=",
]);

if (error) {
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
  process.exitCode = 1;
}
