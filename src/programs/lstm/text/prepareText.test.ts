import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TextSpec } from "../cases/schema.ts";
import { prepareText, readSource } from "./prepareText.ts";
import { rowIds } from "./rows.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

const brown: TextSpec = {
  kind: "text",
  source: { kind: "brown" },
  seed: "1",
  maxLength: 8,
  batch: 4,
  sentences: 100,
  vocabulary: 1000,
  unknown: "drop",
  validation: 0.1,
  embedding: { kind: "random", seed: "1", scale: 1 },
};

const prepare = (
  text: string,
  changes: Partial<TextSpec> = {},
  knows: (word: string) => boolean = () => true,
) => {
  writeFileSync(join(folder, "text.txt"), text);
  const spec = { ...brown, source: { kind: "file" as const, path: "text.txt" }, ...changes };
  return prepareText(readSource(spec, folder), spec, knows);
};

describe("prepareText", () => {
  it("makes this first batch of the Brown corpus on every machine", () => {
    const { rows, partition, vocabulary } = prepareText(readSource(brown, folder), brown, () => true);
    const words = [...partition.training.subarray(0, brown.batch)].map((row) =>
      [...rowIds(rows, row)].map((id) => vocabulary.words[id]).join(" "),
    );
    expect(words).toMatchInlineSnapshot(`
      [
        "highway bond issue approved earlier in the session",
        "produced no evidence that any irregularities took place",
        "taken 1",
        "be made",
      ]
    `);
  });

  it("counts the used sentences only", () => {
    const { vocabulary, corpus } = prepare("A b. Z z z. Alone. C d.", { sentences: 2 });
    expect(vocabulary.words).toEqual(["", "z", "a", "b"]);
    expect(corpus.starts.length - 1).toBe(2);
  });

  it("another seed makes another order of the same rows", () => {
    const text = Array.from({ length: 30 }, (_, i) => `Word${i} follows.`).join(" ");
    const [one, two] = ["1", "2"].map((seed) => prepare(text, { seed }));
    expect(one?.rows).toEqual(two?.rows);
    expect(one?.partition.training).not.toEqual(two?.partition.training);
  });

  it.each([
    ["no words", "?!\n\n— … 。", {}],
    ["single words", "One. Two. Three!", {}],
    ["one word within the vocabulary", "Red green. Blue grey.", { vocabulary: 1 }],
  ])("refuses a text with %s", (_, text, changes) => {
    expect(() => prepare(text, changes)).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_NO_SENTENCE",
        message: expect.stringMatching(/^text \S+[/]text\.txt: no sentence /),
      }),
    );
  });

  it.each(["drop", "zero"] as const)(
    "refuses a text of unknown words alone, unknown words as %s",
    (unknown) => {
      expect(() => prepare("Rouge vert.", { unknown }, () => false)).toThrow(
        expect.objectContaining({
          code: "NANPROOF_E_TEXT_NO_SENTENCE",
          message: expect.stringMatching(/^text \S+[/]text\.txt: the embedding knows none of its 2 words/),
        }),
      );
    },
  );
});
