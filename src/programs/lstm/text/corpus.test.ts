import { describe, expect, it } from "vitest";
import { readCorpus } from "./corpus.ts";

describe("readCorpus", () => {
  it("numbers and counts the words of sentences that have two or more", () => {
    expect(readCorpus([["b", "a", "b"], ["lonely"], [], ["a", "c"]], 10)).toEqual({
      words: ["b", "a", "c"],
      counts: [2, 2, 1],
      tokens: Int32Array.of(0, 1, 0, 1, 2),
      starts: Int32Array.of(0, 3, 5),
    });
  });

  it("reads no sentence past the ones it takes", () => {
    function* three() {
      yield ["a", "b"];
      yield ["c"];
      yield ["d", "e"];
      throw new Error("read too far");
    }
    expect(readCorpus(three(), 2).words).toEqual(["a", "b", "d", "e"]);
  });

  it("refuses more words, or more different ones, than memory holds", () => {
    const bounds = { words: 6, different: 2 };
    const three = [
      ["a", "b", "a"],
      ["b", "a", "b"],
    ];
    expect(readCorpus(three, 10, bounds).counts).toEqual([3, 3]);
    expect(() => readCorpus([...three, ["a", "b"]], 10, bounds)).toThrow(/has more than 6 words$/);
    expect(readCorpus([...three, ["a", "b"]], 2, bounds).counts).toEqual([3, 3]);
    expect(() => readCorpus([["a", "b", "c"]], 10, bounds)).toThrow(/has more than 2 different words$/);
  });

  it("counts words that are names of Object's own members", () => {
    const { words, counts } = readCorpus([["constructor", "__proto__", "constructor"]], 1);
    expect(words).toEqual(["constructor", "__proto__"]);
    expect(counts).toEqual([2, 1]);
  });
});
