import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type DigestTable, digestTable } from "./testing/digestTable.ts";

const committed = JSON.parse(readFileSync(new URL("./digests.json", import.meta.url), "utf8")) as DigestTable;

test("the digests of 50 runs are the committed ones, bit for bit", () => {
  expect(digestTable()).toEqual(committed);
});

test("the table has what it should: 50 runs, all different, dying and living ones", () => {
  const runs = Object.values(committed);
  expect(new Set(runs.map(({ digest }) => digest)).size).toBe(50);
  expect(runs.filter(({ diesAt }) => diesAt !== null).length).toBeGreaterThan(8);
  expect(runs.filter(({ diesAt }) => diesAt === null).length).toBeGreaterThan(20);
});
