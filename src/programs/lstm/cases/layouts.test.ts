import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DOMAIN_NAMES } from "./domains.ts";
import { LAYOUT_NAMES, layoutsOf } from "./layouts.ts";
import type { SyntheticSpec } from "./schema.ts";
import { dataOf, row } from "./testing/syntheticRows.ts";

const data = (rows: Parameters<typeof dataOf>[0][number]["rows"], differs: Partial<SyntheticSpec> = {}) =>
  dataOf([{ time: 4, rows }], differs);

describe("the layouts that rows show", () => {
  it.each<[string, SyntheticSpec, string[]]>([
    ["full rows", data([row(4), row(4)]), ["none"]],
    ["equal short rows", data([row(2), row(2)]), ["after"]],
    ["rows of several lengths", data([row(2), row(4)]), ["after", "ragged"]],
    ["padding before", data([row(2, { padding: "before" })]), ["before"]],
    ["an empty row", data([row(0)]), ["all-padding-row"]],
    ["the first word a hole", data([row(4, { holes: [0] })]), ["hole-at-start"]],
    [
      "the first word after padding a hole",
      data([row(3, { padding: "before", holes: [1] })]),
      ["before", "hole-at-start"],
    ],
    ["a hole inside", data([row(4, { holes: [2] })]), ["hole-inside"]],
    ["the last word a hole", data([row(4, { holes: [3] })]), ["hole-at-end"]],
    ["a zero target", data([row(4, { zeroTargets: [1] })]), ["zero-targets"]],
    ["no lengths", data([row(4)], { masked: false }), ["lengths-not-passed"]],
    [
      "a single row at last",
      data([], {
        batches: [
          { time: 4, rows: [row(4), row(4)] },
          { time: 4, rows: [row(4)] },
        ],
      }),
      ["last-batch-of-one-row"],
    ],
  ])("%s", (_, spec, expected) => {
    expect(layoutsOf(spec)).toEqual(expected);
  });
});

it("docs/generated-cases.md names every domain and layout, and no other", () => {
  const page = readFileSync("docs/generated-cases.md", "utf8");
  const named = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual([...DOMAIN_NAMES, ...LAYOUT_NAMES]);
});
