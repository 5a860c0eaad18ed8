import { shellWord } from "../documents/printable.ts";
import type { Fixture } from "../fixtures/schema.ts";
import { knownJson } from "./known.ts";
import { sizePhrase } from "./size.ts";

/** A fixture that is shown; its path as typed from here. */
export interface ShownFixture {
  path: string;
  fixture: Fixture;
}

/** The JSON document of `nanproof show`: one entry a fixture. */
export function showJson(shown: readonly ShownFixture[]) {
  return shown.map(({ path, fixture }) => {
    const { grade, expected, minimal = null, provenance } = fixture;
    const { signature, step, reproducesOn } = expected;
    const { preset, engine } = provenance;
    return {
      ...{ fixture: path, grade, signature, step, preset, engine, reproducesOn, minimal },
      ...knownJson(fixture),
    };
  });
}

/** Fixtures as a table; below each row what dies and how, its size, and which fixes it holds under. Nothing is cut: a path is to be pasted. */
export function showTable(shown: readonly ShownFixture[]): string[] {
  const rows = shown.map(({ path, fixture: { grade, expected, provenance } }) => [
    shellWord(path),
    grade,
    expected.signature,
    provenance.preset,
  ]);
  const head = ["fixture", "grade", "signature", "from"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const bodies = shown.map(({ fixture }) => details(fixture));
  return [
    line(head),
    ...rows.flatMap((row, index) => [line(row), ...(bodies[index] ?? []).map((text) => `  ${text}`)]),
    `${shown.length} ${shown.length === 1 ? "fixture" : "fixtures"}, ${signatures(shown)} signatures`,
  ];
}

function details({ sentence, size, fixes, minimal }: Fixture): string[] {
  const smaller = minimal === false ? "; not minimal" : "";
  const fixed = fixes === undefined ? "the known fixes were not tried" : `holds under ${listed(fixes.holds)}`;
  return [
    ...(sentence === undefined ? [] : [sentence]),
    ...(size === undefined ? [] : [`${sizePhrase(size)}${smaller}`]),
    fixed,
  ];
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

function signatures(shown: readonly ShownFixture[]): number {
  return new Set(shown.map(({ fixture }) => fixture.expected.signature)).size;
}
