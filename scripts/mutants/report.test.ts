import { expect, it } from "vitest";
import { missedLines, type Report } from "./report.ts";
import { mutantsTable } from "./table.ts";

const mutant = (line: number, status: string) => ({
  mutatorName: "BooleanLiteral",
  replacement: "false",
  status,
  location: { start: { line, column: 5 }, end: { line, column: 9 } },
});

const REPORT: Report = {
  files: {
    "src/cli/a.ts": { source: "a", mutants: [mutant(1, "NoCoverage")] },
    "src/hunt/b.ts": {
      source: "first\nsecond\nthird",
      mutants: [mutant(1, "Killed"), mutant(2, "Survived"), mutant(2, "Killed"), mutant(3, "NoCoverage")],
    },
    "src/programs/host/c.ts": { source: "c", mutants: [mutant(1, "NoCoverage"), mutant(1, "Ignored")] },
    "src/programs/lstm/d.ts": { source: "d", mutants: [mutant(1, "Timeout")] },
  },
};

it("the table counts what tests of the process reach apart from what those of others see", () => {
  const rows = mutantsTable(REPORT).split("\n").slice(2, 7);
  expect(rows).toEqual([
    "| hunt | 4 | 2 | 1 | 1 | 50 % | 67 % |",
    "| programs/lstm | 1 | 1 | 0 | 0 | 100 % | 100 % |",
    "| all of these | 5 | 3 | 1 | 1 | 60 % | 75 % |",
    "| cli | 1 | 0 | 0 | 1 | 0 % |  |",
    "| programs/host | 1 | 0 | 0 | 1 | 0 % |  |",
  ]);
});

it("the table ends with every change that was missed", () => {
  const text = mutantsTable(REPORT);
  expect(text).toContain("\nsrc/hunt/b.ts:2:5 Survived BooleanLiteral: false\nsrc/hunt/b.ts:3:5 NoCoverage");
  expect(text).not.toContain("src/programs/lstm/d.ts");
});

it("lines on which a change was missed are found again where they have moved, and left out where they are gone", () => {
  const now: Record<string, string> = { "src/hunt/b.ts": "new\nfirst\nsecond", "src/cli/a.ts": "a" };
  expect(missedLines(REPORT, (file) => now[file] ?? null)).toEqual(["src/cli/a.ts:1-1", "src/hunt/b.ts:3-3"]);
});
