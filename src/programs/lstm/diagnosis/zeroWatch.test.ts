import { describe, expect, it } from "vitest";
import { Search } from "../../../shrink/search.ts";
import { openEngine } from "../engines/open.ts";
import { growing, withLayers } from "../engines/tfjs/testing/plantedCases.ts";
import { OPEN, opened } from "../engines/tfjs/testing/smallCase.ts";
import { withNumbers } from "../shrinking/edits/numbers.ts";
import { examineStep } from "./examine.ts";

const engine = await openEngine("explorer");

/** The growing unit, whose hidden state is Infinity at its last timestep, below a unit whose weights all take it in. */
const {
  case: testCase,
  state,
  batch,
} = opened(
  withLayers(
    [
      { units: 1, activation: "relu" },
      { units: 1, activation: "tanh" },
    ],
    [
      {
        kernel: [
          [0, 1, 0, 0],
          [1, 1e10, 1, 1],
        ],
        bias: [OPEN, 0, OPEN, OPEN],
      },
      {
        kernel: [
          [0.5, 0.5, 0.5, 0.5],
          [0, 0, 0, 0],
        ],
        bias: [0, 0, 0, 0],
      },
    ],
    5,
  ),
);
const step = { case: testCase, state, batch };
/** Tensor 2 is the upper layer's kernel: its first row faces the Infinity, its second a state that is still finite. */
const facing = { tensor: 2, index: 0 };
/** Tensor 1 is the lower layer's bias. */
const apart = { tensor: 1, index: 0 };

describe("a weight of 0 that faces an infinite operand", () => {
  it("is seen, and one that faces a finite one is not", () => {
    expect(examineStep(engine, step)).toMatchObject({ kind: "dies", metZero: false });
    expect(examineStep(engine, withNumbers(step, [facing], 0))).toMatchObject({
      kind: "dies",
      metZero: true,
    });
    expect(examineStep(engine, opened(growing(6)))).toMatchObject({ kind: "dies", metZero: true });
  });

  it("is refused, where another weight may be 0", async () => {
    const verdict = examineStep(engine, step);
    if (verdict.kind === "lives") throw new Error("the planted step lives");
    const search = await Search.from(engine, { step, death: verdict.death }, { margin: true });
    expect(await search?.accepts(withNumbers(step, [facing], 0))).toBeNull();
    expect(await search?.accepts(withNumbers(step, [apart], 0))).not.toBeNull();
  });
});
