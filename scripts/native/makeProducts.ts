import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execaNode } from "execa";
import { packageFile } from "../../src/package.ts";
import { LIBRARY } from "../../src/programs/lstm/engines/explorer/products/library.ts";
import { compileProducts, findCompiler, sourcesDigest } from "./compileProducts.ts";

/** The file beside a library that says what it was built of. */
interface BuildRecord {
  sources: string;
  compiler: string;
}

/** Builds the explorer's native products where the explorer looks for them, once they give the committed digests. */
export async function makeProducts(): Promise<void> {
  const file = fileURLToPath(packageFile(LIBRARY));
  const record = join(dirname(file), "products.json");
  const compiler = await findCompiler();
  const wanted: BuildRecord = { sources: sourcesDigest(), compiler: compiler.version };
  if (existsSync(file) && existsSync(record) && readFileSync(record, "utf8") === text(wanted))
    return console.log(`already made: ${LIBRARY}`);
  mkdirSync(dirname(file), { recursive: true });
  // Under another name first: a process that has the old one loaded keeps it, and what fails leaves nothing behind.
  const fresh = join(dirname(file), `products-${process.pid}.node`);
  try {
    console.log(`compiling with ${compiler.name} (${compiler.version}) ...`);
    await compileProducts(compiler.name, fresh);
    await check(fresh);
    renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
  writeFileSync(record, text(wanted));
  console.log(`made: ${LIBRARY}. The explorer uses it from now on; NANPROOF_PRODUCTS=wasm turns it off`);
}

/** Compares digests with the committed ones at every width, in a process of its own: a broken library may take it along. */
async function check(library: string): Promise<void> {
  const script = fileURLToPath(new URL("../products-bits.ts", import.meta.url));
  const { failed } = await execaNode(script, [pathToFileURL(library).href, "--cases", "0"], {
    stdout: "inherit",
    stderr: "inherit",
    reject: false,
  });
  if (failed) throw new Error("it is built and does not give the same bits, or does not load: see above");
}

function text(record: BuildRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
