import { describe, expect, it } from "vitest";
import type { Embedding } from "./embedding.ts";
import { vectorTable } from "./vectorTable.ts";

const vocabulary = { words: ["", "the", "of", "rare"], ids: new Int32Array() };

/** An embedding that writes down what it is asked. */
function recorded(width: number): { embedding: Embedding; asked: string[] } {
  const asked: string[] = [];
  const input = (word: string) => {
    asked.push(`input ${word}`);
    return new Float32Array(width).fill(word.length);
  };
  const target = (word: string) => {
    asked.push(`target ${word}`);
    return new Float32Array(1).fill(-word.length);
  };
  return { embedding: { knows: () => true, input, target }, asked };
}

describe("vectorTable", () => {
  it("makes a vector once, when it is first asked for", () => {
    const { embedding, asked } = recorded(2);
    const table = vectorTable(vocabulary, embedding, { inputs: 2, targets: 1 });
    expect(asked).toEqual([]);
    expect([table.inputs(1), table.inputs(2), table.inputs(1), table.targets(1)]).toEqual([
      Float32Array.of(3, 3),
      Float32Array.of(2, 2),
      Float32Array.of(3, 3),
      Float32Array.of(-3),
    ]);
    expect(asked).toEqual(["input the", "input of", "target the"]);
  });

  it("makes it once for inputs and targets that are the same", () => {
    const { embedding, asked } = recorded(2);
    const table = vectorTable(
      vocabulary,
      { ...embedding, target: embedding.input },
      { inputs: 2, targets: 2 },
    );
    expect(table.targets(1)).toBe(table.inputs(1));
    expect(asked).toEqual(["input the"]);
  });

  it("keeps no more of them than its memory, the frequent ones first", () => {
    const { embedding, asked } = recorded(1);
    const table = vectorTable(vocabulary, embedding, { inputs: 2 ** 24, targets: 1 });
    for (const id of [3, 3, 2, 2]) table.inputs(id);
    expect(asked).toEqual(["input rare", "input rare", "input of"]);
  });
});
