import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planted } from "../engines/tfjs/testing/planted.ts";
import { MECHANISMS } from "./mechanismTable.ts";

describe("docs/mechanisms.md", () => {
  it("defines every mechanism in the words of the table", () => {
    const text = readFileSync("docs/mechanisms.md", "utf8");
    const rows = [...text.matchAll(/^\| `([a-z-]+)` \| ([a-z]+) \| (.*?) \|/gm)].map((row) => row.slice(1));
    const table = Object.entries(MECHANISMS).flatMap(([name, { definitions }]) =>
      Object.entries(definitions).map(([phase, definition]) => [name, phase, definition]),
    );
    expect(rows.toSorted()).toEqual(table.toSorted());
  });

  it("tells of every phase and mechanism that is planted, and of discarded steps", () => {
    const text = readFileSync("docs/mechanisms.md", "utf8");
    const rows = [...text.matchAll(/^\| `([a-z-]+)` \| ([a-z]+) \|/gm)].map(
      ([, mechanism, phase]) => `${phase}/${mechanism}`,
    );
    const named = planted.map(([, , { signature = "" }]) => signature.split("/").slice(0, 2).join("/"));
    expect(new Set(rows)).toEqual(new Set([...named, "forward/discarded-step-overflow"]));
  });
});
