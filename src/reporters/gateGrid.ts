import { shellWord } from "../documents/printable.ts";
import type { GateRow } from "./gate.ts";

/** The results of a gate under one of several subjects. */
export interface GridColumn {
  subject: string;
  rows: readonly GateRow[];
}

const WORDS = { held: "held", failed: "FAILED", stale: "STALE", notJudged: "-" } as const;

/** A table of fixtures by subjects: which holds under which. `-` is not judged, and a blank not reached. */
export function gateGrid(columns: readonly GridColumn[]): string[] {
  const fixtures = [...new Set(columns.flatMap(({ rows }) => rows.map(({ fixture }) => fixture)))];
  const table = [
    ["", ...columns.map(({ subject }) => shellWord(subject))],
    ...fixtures.map((fixture) => [shellWord(fixture), ...columns.map((column) => cell(column, fixture))]),
  ];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
  );
  return table.map((cells) =>
    cells
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function cell({ rows }: GridColumn, wanted: string): string {
  const row = rows.find(({ fixture }) => fixture === wanted);
  return row === undefined ? "" : WORDS[row.verdict.kind];
}
