import { UsageError } from "../../../../../documents/errors.ts";
import { type FoundLibrary, findLibrary, type ProductFunctions } from "./library.ts";

/** The command that makes the native products. */
export const BUILD_PRODUCTS = "npm run native -- --products";

/** The code that computes the matrix products of an engine: WebAssembly, or native code of one width of vectors. */
export interface Products {
  /** `wasm`, or the width: `sse2`, `avx2`, `avx512`, `neon`. */
  name: string;
  /** The functions for one instance of the kernels; null where WebAssembly computes the products itself. */
  open(): ProductFunctions | null;
}

/** The products of the kernels themselves. */
export const WASM_PRODUCTS: Products = { name: "wasm", open: () => null };

/** The native products of each width that this processor has, the fastest first; none without the library. */
export function nativeProducts(found: FoundLibrary = findLibrary()): Products[] {
  if (!found.found) return [];
  const { library } = found;
  return Object.entries(library.widths)
    .sort(([, a], [, b]) => Number(b === library.fastest) - Number(a === library.fastest))
    .map(([name, width]) => ({ name, open: () => library.open(width) }));
}

/**
 * The products that an engine uses: native ones where they are built, of the width that is fastest here, those of the kernels elsewhere.
 * NANPROOF_PRODUCTS=wasm turns the native ones off, =native asks for them, the name of a width for that one.
 * @throws UsageError where the variable asks for what there is not.
 */
export function chosenProducts(
  wanted: string | undefined = process.env.NANPROOF_PRODUCTS,
  found: () => FoundLibrary = findLibrary,
): Products {
  if (wanted === "wasm") return WASM_PRODUCTS;
  const library = found();
  const native = nativeProducts(library);
  if (!wanted) return native[0] ?? WASM_PRODUCTS;
  const named = wanted === "native" ? native[0] : native.find(({ name }) => name === wanted);
  if (named !== undefined) return named;
  const names = ["wasm", "native", ...native.map(({ name }) => name)].join(", ");
  throw new UsageError(
    "NANPROOF_E_PRODUCTS",
    `NANPROOF_PRODUCTS is ${JSON.stringify(wanted)}, ${library.found ? "which this processor has not" : `and the native products are ${missingWords(library)}`}`,
    library.found ? `give one of ${names}` : `make them: ${BUILD_PRODUCTS}, or give wasm`,
  );
}

/** The reason why there is no library, in the words that follow "the native products are". */
export function missingWords({ reason, detail }: Exclude<FoundLibrary, { found: true }>): string {
  if (reason === "not built") return "not built";
  return reason === "stale" ? `stale: ${detail}` : `broken: ${detail}`;
}
