import { describe, expect, it } from "vitest";
import type { Host } from "../programs/program.ts";
import { type HuntSettings, sameHunt } from "./settings.ts";

const order = {
  kind: "file",
  file: "/home/person/train.py",
  python: "python3",
  backend: null,
  threads: 1,
  isFresh: false,
} as const;
const settings: HuntSettings = {
  space: { pinned: {}, steps: 30 },
  fix: null,
  invariants: [],
  seed: "1",
  budget: { kind: "cases", cases: 10 },
  workers: 2,
  strategy: "random",
  keep: 1,
  shrink: "whole",
  host: order,
  confirm: { order: { ...order, isFresh: true }, name: "fresh-process" },
  out: null,
  provenance: { nanproof: "0.1.0", preset: "train.py", domain: "its knobs" },
};
type Program = NonNullable<Host["file"]>;
const PROGRAM = { name: "train.py", sha256: "00" } as unknown as Program;

/** True where a hunt of a program goes on where the one above stopped. */
const goesOn = (over: Partial<HuntSettings>, file = PROGRAM) =>
  JSON.stringify(sameHunt({ ...settings, ...over }, { file })) ===
  JSON.stringify(sameHunt(settings, { file: PROGRAM }));

describe("a hunt of a program goes on where another one stopped", () => {
  it.each<[string, Partial<HuntSettings>]>([
    ["more workers", { workers: 7 }],
    ["more cases", { budget: { kind: "cases", cases: 99 } }],
    ["the program in another folder", { host: { ...order, file: "/home/other/train.py" } }],
    ["another interpreter", { host: { ...order, python: "/usr/bin/python3" } }],
  ])("with %s", (_, over) => {
    expect(goesOn(over)).toBe(true);
  });

  it.each<[string, Partial<HuntSettings>]>([
    ["another seed", { seed: "2" }],
    ["another space", { space: { pinned: {}, steps: 31 } }],
    ["more threads", { host: { ...order, threads: 2 } }],
    ["another invariant", { invariants: ["loss-in-range"] }],
  ])("but not with %s", (_, over) => {
    expect(goesOn(over)).toBe(false);
  });

  it("and not once the program itself is another", () => {
    expect(goesOn({}, { name: "train.py", sha256: "01" } as unknown as Program)).toBe(false);
  });
});
