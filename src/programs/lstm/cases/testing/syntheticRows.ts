import type { SyntheticSpec } from "../schema.ts";

/** One row of a synthetic batch. */
type Row = SyntheticSpec["batches"][number]["rows"][number];

/** A row padded after, without holes, and whatever is to differ. */
export function row(length: number, differs: Partial<Row> = {}): Row {
  return { length, padding: "after", holes: [], zeroTargets: [], ...differs };
}

/** Masked data of the rows given, and whatever is to differ. */
export function dataOf(
  batches: SyntheticSpec["batches"],
  differs: Partial<SyntheticSpec> = {},
): SyntheticSpec {
  return { kind: "synthetic", seed: "1", inputScale: 1, masked: true, batches, ...differs };
}
