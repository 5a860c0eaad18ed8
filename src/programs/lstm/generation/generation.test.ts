import { describe, expect, it } from "vitest";
import { UnsupportedCaseError } from "../../../documents/errors.ts";
import { DOMAINS } from "../cases/domains.ts";
import { presets } from "../cases/presets.ts";
import type { Engine } from "../engines/engine.ts";
import { generation } from "./generation.ts";

/** Checks the domain `wide` on an engine that answers so. */
function check(answer: () => void): void {
  const engine = { check: answer } as unknown as Engine;
  generation.check(engine, { domain: DOMAINS.wide, base: presets.hardened });
}

describe("a domain", () => {
  it("is taken where the engine can run the largest of its cases", () => {
    expect(() => check(() => undefined)).not.toThrow();
  });

  it("is refused where the engine cannot, with the engine's reason and what to do", () => {
    const cannot = () => {
      throw new UnsupportedCaseError("explorer", "it takes 9 GB of memory", "take another engine");
    };
    expect(() => check(cannot)).toThrow(
      /^the domain's largest case cannot be run: engine explorer: it takes 9 GB of memory/,
    );
    expect(() => check(cannot)).toThrow(
      expect.objectContaining({
        code: "NANPROOF_E_DOMAIN",
        hint: expect.stringMatching(/narrow the domain.*or take another engine$/),
      }),
    );
  });

  it("hides no bug of an engine", () => {
    const broken = () => {
      throw new TypeError("of a bug");
    };
    expect(() => check(broken)).toThrow(TypeError);
  });
});
