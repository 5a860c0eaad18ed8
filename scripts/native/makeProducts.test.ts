import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { UsageError } from "../../src/documents/errors.ts";
import { packageFile } from "../../src/package.ts";
import { LIBRARY } from "../../src/programs/lstm/engines/explorer/products/library.ts";
import { findCompiler, sourcesDigest } from "./compileProducts.ts";

const record = fileURLToPath(packageFile(LIBRARY.replace(/[^/]*$/, "products.json")));

it.skipIf(!existsSync(record))("the library that the tests run with is built of these sources", () => {
  const { sources } = JSON.parse(readFileSync(record, "utf8")) as { sources: string };
  expect(sources, "make it anew: npm run native -- --products").toBe(sourcesDigest());
});

it("a machine without a compiler is told what it lacks, and that nothing else needs it", async () => {
  const error = await findCompiler(["no-such-cc", "no-such-clang"]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    code: "NANPROOF_E_NATIVE",
    message: "this machine lacks a C compiler: no-such-cc and no-such-clang are not found",
  });
});

it("the first compiler that there is is taken, with its version", async () => {
  expect(await findCompiler(["no-such-cc", process.execPath])).toEqual({
    name: process.execPath,
    version: process.version,
  });
});
