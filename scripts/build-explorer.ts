/**
 * Compiles the explorer's kernels to dist/engines/explorer/explorer.wasm.
 *
 *     tsx scripts/build-explorer.ts
 */
import { compile } from "./compile-kernels.ts";

await compile("dist/engines/explorer/explorer.wasm");
