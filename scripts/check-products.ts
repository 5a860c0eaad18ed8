/**
 * Checks that the native products give the same bits as WebAssembly when gcc builds them, when clang does, and under
 * AddressSanitizer and UBSan: see products-bits.ts for the runs that are compared.
 *
 *     tsx scripts/check-products.ts [--cases 500] [--compilers gcc,clang]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { compileProducts, findCompiler, type PURPOSES } from "./native/compileProducts.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "500" },
    compilers: { type: "string", default: "gcc,clang" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "nanproof-products-"));
try {
  for (const name of values.compilers.split(",")) {
    const { version } = await findCompiler([name]);
    console.log(version);
    await check(name, "use", {});
  }
  console.log("gcc, with AddressSanitizer and UBSan");
  const { name: gcc } = await findCompiler(["gcc"]);
  const { stdout: runtime } = await execa(gcc, ["-print-file-name=libasan.so"]);
  // Node itself frees little at its end: leaks are not looked for.
  await check(gcc, "sanitizers", { LD_PRELOAD: runtime, ASAN_OPTIONS: "detect_leaks=0" });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check(
  compiler: string,
  purpose: keyof typeof PURPOSES,
  env: Record<string, string>,
): Promise<void> {
  const library = join(folder, `${compiler}-${purpose}.node`);
  await compileProducts(compiler, library, purpose);
  const script = ["--import", "tsx", "scripts/products-bits.ts", library, "--cases", values.cases];
  const { failed } = await execa(process.execPath, script, { env, stdio: "inherit", reject: false });
  if (failed) process.exitCode = 1;
}
