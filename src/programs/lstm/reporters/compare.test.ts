import { describe, expect, it } from "vitest";
import { comparisonLine } from "./compare.ts";

const agreeing = {
  name: "clipped",
  agree: true,
  steps: 20,
  maxRelativeError: 6.04e-6,
  firstDisagreement: null,
  fatalLoss: null,
};

describe("comparisonLine", () => {
  it("says how far two agree", () => {
    expect(comparisonLine(agreeing)).toBe("agrees     clipped: 20 steps, largest relative error 6.0e-6");
  });

  it("says when the weights die, and what the loss was then", () => {
    expect(comparisonLine({ ...agreeing, steps: 1, fatalLoss: -1.5 })).toBe(
      "agrees     clipped: 1 step, largest relative error 6.0e-6; the weights die at step 1, loss -1.5",
    );
  });

  it("says where they part, with the tolerance where there is one", () => {
    const firstDisagreement = { step: 3, quantity: "loss", expected: 1, actual: 2, tolerance: 0.001 };
    expect(comparisonLine({ ...agreeing, agree: false, firstDisagreement })).toBe(
      "disagrees  clipped: at step 3, loss: expected 1, got 2, tolerance 0.001",
    );
    const weights = { step: 3, quantity: "weights", expected: "finite", actual: "not finite" };
    expect(comparisonLine({ ...agreeing, agree: false, firstDisagreement: weights })).toBe(
      "disagrees  clipped: at step 3, weights: expected finite, got not finite",
    );
    const end = { ...firstDisagreement, step: null };
    expect(comparisonLine({ ...agreeing, agree: false, firstDisagreement: end })).toContain(
      "clipped: at the end, loss",
    );
  });
});
