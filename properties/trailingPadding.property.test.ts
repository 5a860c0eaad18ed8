/**
 * Claim: with the `hardened` preset trailing padding changes nothing: neither zero vectors after the end of every row, nor a row
 * that is nothing but padding. In the published program both move the loss, since the mean counts padding.
 */
import { test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { presets } from "../src/programs/lstm/cases/presets.ts";
import { openEngine } from "../src/programs/lstm/engines/open.ts";
import { sharedStep } from "../src/programs/lstm/relations/sharedStep.ts";
import { paddingRow, trailingColumns } from "../src/programs/lstm/relations/trailingPadding.ts";
import { PUBLISHED } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";
import { stepAt, stepsOf } from "./testing/steps.ts";
import { tinyCase } from "./testing/tinyCase.ts";

const explorer = await openEngine("explorer");

describe.each([trailingColumns, paddingRow])("$name", (relation) => {
  const runs = profile(relation.name, 150);

  test.prop([stepsOf("hardened")], runs)(`of hardened: ${runs.name}`, (step) => {
    expect(relation.check(explorer, stepAt(explorer, step))).toEqual({ status: "holds" });
  });
});

describe("padding that is counted in the mean", () => {
  it.each(PUBLISHED)("a padding row halves what one unit is off, with %s", (preset) => {
    const step = sharedStep(explorer, tinyCase(presets[preset], [[1]], [[1]]), 1);
    expect(paddingRow.check(explorer, step)).toMatchObject({
      status: "violated",
      quantity: "cosine distance",
    });
  });

  it.each(PUBLISHED)(
    "columns thin the distance out along the embedding, and not along time, with %s",
    (preset) => {
      const base = presets[preset];
      const along = (axis: "time" | "embedding") =>
        sharedStep(explorer, tinyCase({ ...base, loss: { ...base.loss, axis } }, [[1]], [[1]]), 1);
      expect(trailingColumns.check(explorer, along("embedding"))).toMatchObject({ status: "violated" });
      expect(trailingColumns.check(explorer, along("time"))).toEqual({ status: "holds" });
    },
  );
});
