import { findLibrary } from "./library.ts";
import { BUILD_PRODUCTS, chosenProducts, missingWords, nativeProducts } from "./products.ts";

/** What computes the explorer's matrix products on this machine. */
export interface ProductsReport {
  /** `wasm`, or the width of the native ones. */
  used: string;
  /** The widths that native ones have here, fastest first; none where they are not built. */
  widths: string[];
  /** Why there are no native ones, and what would make them; null where there are some. */
  missing: { reason: string; remedy: string } | null;
}

/**
 * What computes the explorer's matrix products, and what there is besides.
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
