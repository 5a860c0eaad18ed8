import type { ProductsReport } from "../engines/explorer/products/report.ts";

/** The products that the explorer uses, in a line. */
export function productsWords({ used, widths, missing }: ProductsReport): string {
  if (used !== "wasm") return `matrix products native, with ${used} (of ${widths.join(", ")})`;
  return missing === null
    ? "matrix products in WebAssembly, as NANPROOF_PRODUCTS says; native ones are built"
    : `matrix products in WebAssembly; native ones are ${missing.reason}; for them: ${missing.remedy}`;
}
