import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { UsageError } from "../../src/documents/errors.ts";

/** The native products' folder: products.c, and what it includes. */
const SOURCES = fileURLToPath(new URL("../../src/programs/lstm/engines/explorer/native/", import.meta.url));

/**
 * Options of every build. No contraction: a multiplication and an addition in one instruction round once and not twice, which gives
 * other bits. Warnings are errors.
 */
const OPTIONS = "-std=c11 -ffp-contract=off -Wall -Wextra -Werror -shared -fPIC -DNAPI_VERSION=8".split(" ");

/** For whom: people, or AddressSanitizer and UBSan. */
export const PURPOSES = {
  use: ["-O3"],
  sanitizers: ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
} as const;

/** On macOS the names of Node-API are looked up when the library is loaded; elsewhere that needs no word. */
const LINKING = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];

/**
 * Compiles the native products. Nothing is fetched: the headers come with the npm package node-api-headers.
 * @throws Error with the compiler's own words.
 */
export async function compileProducts(
  compiler: string,
  out: string,
  purpose: keyof typeof PURPOSES = "use",
): Promise<void> {
  const headers = join(
    dirname(fileURLToPath(import.meta.resolve("node-api-headers/package.json"))),
    "include",
  );
  const paths = ["-isystem", headers, "-o", out, join(SOURCES, "products.c")];
  await execa(compiler, [...OPTIONS, ...PURPOSES[purpose], ...LINKING, ...paths]);
}

/** A C compiler of this machine: what CC names, else cc, else clang; the first line of its own word on its version. */
export async function findCompiler(
  names: readonly string[] = process.env.CC ? [process.env.CC] : ["cc", "clang"],
): Promise<{ name: string; version: string }> {
  for (const name of names) {
    const { failed, stdout } = await execa(name, ["--version"], { reject: false });
    if (!failed) return { name, version: stdout.split("\n")[0] ?? "" };
  }
  throw new UsageError(
    "NANPROOF_E_NATIVE",
    `this machine lacks a C compiler: ${names.join(" and ")} ${names.length > 1 ? "are" : "is"} not found`,
    "apt-get install gcc, or name one in CC, then run this again; without it the explorer computes in WebAssembly as before",
  );
}

/** A sum over the sources and options: a build of other ones is out of date. */
export function sourcesDigest(): string {
  const hash = createHash("sha256").update(JSON.stringify([OPTIONS, PURPOSES, LINKING]));
  for (const file of readdirSync(SOURCES).sort()) hash.update(file).update(readFileSync(join(SOURCES, file)));
  return hash.digest("hex");
}
