import { afterEach, expect, it, vi } from "vitest";
import { engine } from "./engine.ts";

afterEach(() => vi.unstubAllGlobals());

it("A program that calls watch before it has loaded tensorflow.js is told so, by a code", () => {
  vi.stubGlobal("_tfengine", undefined);
  expect(engine).toThrow(expect.objectContaining({ code: "NANPROOF_E_NO_TENSORFLOW" }));
});
