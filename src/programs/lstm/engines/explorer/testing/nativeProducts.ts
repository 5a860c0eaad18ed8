import { BUILD_PRODUCTS, nativeProducts, type Products } from "../products/products.ts";

/** The native products of this machine at each width, for `describe.each`; none where they are not built. */
export const NATIVE: readonly Products[] = nativeProducts();

if (NATIVE.length === 0 && process.env.NANPROOF_REQUIRE_NATIVE)
  throw new Error(`NANPROOF_REQUIRE_NATIVE is set, and the native products are not built: ${BUILD_PRODUCTS}`);

/** Titles of the tests that say what was skipped, for `test.skip.each`: none where the products are built. */
export const LEFT_OUT: readonly string[] =
  NATIVE.length > 0 ? [] : [`native products: not built, so skipped here; ${BUILD_PRODUCTS} builds them`];
