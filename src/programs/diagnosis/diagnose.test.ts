import { describe, expect, it } from "vitest";
import { diagnose } from "./diagnose.ts";
import { JUDGES } from "./judges.ts";
import { JAX, TENSORFLOW } from "./testing/others.ts";
import { TORCH } from "./testing/torch.ts";
import { WORDS } from "./words.ts";

describe("the diagnosis of a trace", () => {
  const planted = [...TORCH, ...JAX, ...TENSORFLOW].map(
    (one) => [one.signature, one.what ?? "", one] as const,
  );

  it.each(planted)("names %s %s", (signature, _, { trace, line }) => {
    const found = diagnose(trace);
    expect(found?.signature).toBe(signature);
    expect(found?.site).toMatchObject({ line: line ?? 1, file: "/home/person/train.py" });
    expect(found?.sentence).toContain(found?.mechanism === undefined ? "" : WORDS[found.mechanism].happened);
    expect(found?.because).toMatch(/\.$/);
  });

  it("has every mechanism planted by hand, and asks for each of the table's", () => {
    const named = planted.map(([signature]) => signature.split("/")[1]);
    expect(new Set(named)).toEqual(new Set(Object.keys(WORDS)));
    expect(new Set(JUDGES.map(([mechanism]) => mechanism))).toEqual(new Set(Object.keys(WORDS)));
  });
});
