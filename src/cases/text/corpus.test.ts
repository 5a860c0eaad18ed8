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

  it("counts words that are names of Object's own members", () => {
    const { words, counts } = readCorpus([["constructor", "__proto__", "constructor"]], 1);
    expect(words).toEqual(["constructor", "__proto__"]);
    expect(counts).toEqual([2, 1]);
  });
});
