import type { BenchRow } from "../engines/bench.ts";
import type { ProductsReport } from "../engines/explorer/products/report.ts";

/** The JSON document of `nanproof bench`; `products` is what computed the explorer's, where it was timed. */
export function benchJson(rows: readonly BenchRow[], products: ProductsReport | null) {
  const ms = (value: number) => Number(value.toPrecision(4));
  return {
    ...(products === null ? {} : { products: products.used }),
    rows: rows.map(({ engine, units, batch, time, medianMs, p10Ms, p90Ms, coldMs }) => ({
      engine,
      units,
      batch,
      time,
      medianMs: ms(medianMs),
      p10Ms: ms(p10Ms),
      p90Ms: ms(p90Ms),
      coldMs: ms(coldMs),
    })),
  };
}

/** The rows of one size as a table, with how many times faster the fastest engine is than each. */
export function benchTable(rows: readonly BenchRow[]): string[] {
  const first = rows[0];
  if (first === undefined) return [];
  const fastest = rows.reduce((best, row) => (row.medianMs < best.medianMs ? row : best), first);
  const lines = rows.map((row) => {
    const ratio = row === fastest ? "fastest" : `${(row.medianMs / fastest.medianMs).toPrecision(3)}x`;
    const spread = `${row.p10Ms.toPrecision(3)} to ${row.p90Ms.toPrecision(3)}`;
    return `  ${row.engine.padEnd(10)} ${row.medianMs.toPrecision(3).padStart(8)} ms  (${spread}; cold ${row.coldMs.toPrecision(3)})  ${ratio}`;
  });
  const { units, batch, time } = first;
  return [`${units} units x batch ${batch} x ${time} timesteps, median (10 % to 90 %; first step)`, ...lines];
}
