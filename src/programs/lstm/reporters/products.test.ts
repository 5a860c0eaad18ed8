import { expect, it } from "vitest";
import { productsWords } from "./products.ts";

it("the products are told with their width, or with the reason why they are not native and what to do", () => {
  const widths = ["avx512", "avx2"];
  const missing = { reason: "not built", remedy: "npm run build:products" };
  expect(productsWords({ used: "avx2", widths, missing: null })).toMatch(
    /native, with avx2 \(of avx512, avx2\)/,
  );
  expect(productsWords({ used: "wasm", widths, missing: null })).toMatch(
    /in WebAssembly, as NANPROOF_PRODUCTS says/,
  );
  expect(productsWords({ used: "wasm", widths: [], missing })).toMatch(
    /in WebAssembly; native ones are not built; for them: npm run build:products/,
  );
});
