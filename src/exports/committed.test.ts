import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readFixture } from "../fixtures/store.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { measureTarget } from "./measure.ts";
import { TARGET_NAMES, TARGETS } from "./targets.ts";
import { runnableTargets, testPython } from "./testing/pythons.ts";

const files = readdirSync("fixtures")
  .filter((name) => name.endsWith(".json"))
  .sort();

/** The rows of the table of docs/export.md: what each fixture does in each target. */
const rows = new Map(
  [
    ...readFileSync("docs/export.md", "utf8").matchAll(
      /^\| \[[0-9a-f]+\]\(\.\.\/fixtures\/(.+?)\) \| (.+) \|$/gm,
    ),
  ].map(([, file = "", cells = ""]) => [file, cells.split(" | ").slice(2)]),
);

describe("the committed fixtures", () => {
  it("are all in the table of docs/export.md, and nine in ten die there as they do here", () => {
    expect([...rows.keys()]).toEqual(files);
    const cells = [...rows.values()].flat();
    expect(cells.length).toBe(files.length * TARGET_NAMES.length);
    expect(cells.filter((cell) => cell.startsWith("dies")).length / cells.length).toBeGreaterThanOrEqual(0.9);
  });

  it.each(runnableTargets())("do in %s what the table says", { timeout: 900_000 }, async (name) => {
    const engine = await openEngine("explorer");
    const stored = files.map((file) => readFixture(`fixtures/${file}`));
    const { outcomes } = await measureTarget(stored, engine, TARGETS[name], { python: testPython() });
    const listed = files.map((file) => rows.get(file)?.[TARGET_NAMES.indexOf(name)] ?? "");
    const seen = outcomes.map(({ kind }) => kind === "dies");
    expect(seen).toEqual(listed.map((cell) => cell.startsWith("dies")));
  });
});
