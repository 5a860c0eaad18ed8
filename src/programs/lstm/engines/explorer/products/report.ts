import { findLibrary } from "./library.ts";
import { BUILD_PRODUCTS, chosenProducts, missingWords, nativeProducts } from "./products.ts";

/** The products that the explorer uses on this machine, and those that it could. */
export interface ProductsReport {
  /** `wasm`, or the width of the native ones. */
  used: string;
  /** The widths that native ones have here, fastest first; none where they are not built. */
  widths: string[];
  /** The reason why there are no native ones, and the command that makes them; null where there are some. */
  missing: { reason: string; remedy: string } | null;
}

/**
 * Reports which products the explorer uses on this machine, and which it could.
 * @throws UsageError where NANPROOF_PRODUCTS asks for what there is not.
 */
export function productsReport(): ProductsReport {
  const found = findLibrary();
  return {
    used: chosenProducts(undefined, () => found).name,
    widths: nativeProducts(found).map(({ name }) => name),
    missing: found.found ? null : { reason: missingWords(found), remedy: BUILD_PRODUCTS },
  };
}
