import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { type FoundLibrary, findLibrary, type ProductFunctions } from "./library.ts";
import { chosenProducts, nativeProducts } from "./products.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-library-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A library of a processor with two widths, of which the second is the faster one; its functions say which width was opened. */
const two = (): FoundLibrary => ({
  found: true,
  library: {
    version: 2,
    widths: { narrow: 0, wide: 7 },
    fastest: 7,
    open: (width) => ({ opened: width }) as unknown as ProductFunctions,
  },
});
const none = (): FoundLibrary => ({ found: false, reason: "not built", detail: "" });

describe("which products an engine uses", () => {
  it("are the fastest native ones where they are built, else those of the kernels", () => {
    expect(chosenProducts(undefined, two).name).toBe("wide");
    expect(chosenProducts("", two).name).toBe("wide");
    expect(chosenProducts(undefined, two).open()).toEqual({ opened: 7 });
    expect(chosenProducts(undefined, none).name).toBe("wasm");
    expect(chosenProducts(undefined, none).open()).toBeNull();
  });

  it("are what NANPROOF_PRODUCTS says", () => {
    expect(chosenProducts("wasm", two).name).toBe("wasm");
    expect(chosenProducts("native", two).name).toBe("wide");
    expect(chosenProducts("narrow", two).open()).toEqual({ opened: 0 });
  });

  it("turned off, are not even looked for", () => {
    const looked = () => {
      throw new Error("it was looked for");
    };
    expect(chosenProducts("wasm", looked).name).toBe("wasm");
  });

  it.each([
    [
      "avx1024",
      two,
      'NANPROOF_PRODUCTS is "avx1024", which this processor has not',
      /wasm, native, wide, narrow/,
    ],
    ["native", none, /"native", and the native products are not built/, /npm run native -- --products/],
    ["wide", none, /"wide", and the native products are not built/, /npm run native -- --products/],
  ])("%s is wrong use where there is no such thing", (wanted, found, message, hint) => {
    expect(() => chosenProducts(wanted, found)).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_PRODUCTS",
        message: typeof message === "string" ? message : expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it("are listed with the fastest first", () => {
    expect(nativeProducts(two()).map(({ name }) => name)).toEqual(["wide", "narrow"]);
    expect(nativeProducts(none())).toEqual([]);
  });
});

describe("the library", () => {
  const at = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return pathToFileURL(file);
  };

  it("is not built where there is no file", () =>
    expect(findLibrary(pathToFileURL(join(folder, "nothing.node")))).toEqual({
      found: false,
      reason: "not built",
      detail: "",
    }));

  it("that is no library does not load, and says so", () => {
    const found = findLibrary(at("text.node", "no library"));
    expect(found).toMatchObject({ found: false, reason: "does not load" });
    expect(found.found ? "" : found.detail).not.toBe("");
  });

  it("of another version is stale, and left alone", () =>
    expect(findLibrary(at("old.cjs", "module.exports = { version: 0 };"))).toEqual({
      found: false,
      reason: "stale",
      detail: "it is of version 0, where 2 is wanted",
    }));
});
