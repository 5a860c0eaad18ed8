import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withTable } from "../../withTable.ts";
import { barsTable, PLACES, readSpeed, summaryTable } from "./tables.ts";

const speed = readSpeed();

describe("the committed measurements", () => {
  it.each(PLACES)("are what the table $mark of $file says", ({ file, mark, make }) => {
    const text = readFileSync(file, "utf8");
    expect(withTable(text, mark, make(speed)), "run npx tsx scripts/bench/speed-tables.ts").toBe(text);
  });

  it("name a machine and a command that there are", () => {
    const all = [...speed.milliseconds, ...speed.timesAsLong];
    for (const { of, machine } of all) {
      expect(Object.keys(speed.machines)).toContain(machine);
      const [script] = /scripts\/\S+/.exec(speed.commands[of] ?? "") ?? [];
      expect(readFileSync(script ?? "").length).toBeGreaterThan(0);
    }
    expect(all.length).toBeGreaterThan(20);
  });
});

describe("figures in words", () => {
  // Every ratio that README or docs/speed.md claims of JAX or tfjs-wasm is in a table or beside its own command.
  it("of the README stand in its tables alone", () => {
    const readme = readFileSync("README.md", "utf8");
    const [, section = ""] = /## Speed\n([\s\S]*?)\n## /.exec(readme) ?? [];
    const words = section.replaceAll(/<!-- (speed|peers) -->[\s\S]*?<!-- end of \1 -->/g, "");
    expect(words.length).toBeGreaterThan(100);
    expect(words).not.toMatch(/\d(\.\d+)?( times\b|x\b)|\d+ to \d+/);
  });
});

describe("a table", () => {
  const one = { of: "tfjs-wasm", units: 16, machine: "quiet", from: "1 run" } as const;
  const few = {
    ...speed,
    wanted: { "tfjs-wasm": { "16": 300, "64": 40, "400": 15 } },
    milliseconds: [{ ...one, of: "explorer", low: 0.1, high: 0.1 }],
    timesAsLong: [
      { ...one, low: 290, high: 310 },
      { ...one, low: 1200, high: 1200 },
      { ...one, units: 64, low: 40, high: 40 } as const,
      { ...one, units: 400, low: 3, high: 4 } as const,
    ],
  };

  it("gives the range over all machines", () => {
    expect(summaryTable(few).split("\n").slice(2)).toEqual([
      "| 16 | 0.1 | 290x to 1,200x |",
      "| 64 |  | 40x |",
      "| 400 |  | 3x to 4x |",
    ]);
  });

  it("says a bar is reached where the lowest reaches it, and not where the highest does not", () => {
    const reached = barsTable(few)
      .split("\n")
      .slice(2)
      .map((line) => line.split(" | ").at(-1));
    expect(reached).toEqual(["on some machines |", "yes |", "no |"]);
  });
});
