import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withTable } from "../withTable.ts";
import { millisecondsTable, PEERS_PLACES, ratiosTable, readPeers } from "./table.ts";

const row = (engine: string, medianMs: number) => ({
  engine,
  units: 16,
  batch: 4,
  time: 8,
  medianMs,
  p10Ms: medianMs / 2,
});
const rows = [row("explorer", 0.04), row("explorer-wasm", 0.05), row("jax", 0.28)];

describe("the tables of peers", () => {
  it.each(PEERS_PLACES)("in $file say what docs/peers.json does", ({ file, mark, make }) => {
    const text = readFileSync(file, "utf8");
    expect(withTable(text, mark, make(readPeers())), "run npx tsx scripts/bench/peers-table.ts").toBe(text);
  });

  it("give milliseconds, and times of the explorer", () => {
    expect(millisecondsTable(rows).split("\n").at(-1)).toBe(
      "| 16x4x8 | 0.04 (0.02) | 0.05 (0.025) | 0.28 (0.14) |",
    );
    expect(ratiosTable(rows).split("\n").at(-1)).toBe("| 16x4x8 | 0.04 ms | 1.3x | 7x |");
  });

  it("need their marks", () => expect(() => withTable("nothing", "peers", "")).toThrow(/marks/));
});
