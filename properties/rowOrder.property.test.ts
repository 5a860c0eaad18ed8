/** Claim: the order of a batch's rows changes nothing, with every preset. */
import { test } from "@fast-check/vitest";
import * as fc from "fast-check";
import { describe, expect } from "vitest";
import { openEngine } from "../src/programs/lstm/engines/open.ts";
import { rowOrder } from "../src/programs/lstm/relations/rowOrder.ts";
import { PRESETS } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";
import { stepAt, stepsOf } from "./testing/steps.ts";

const explorer = await openEngine("explorer");

describe.each(PRESETS)("of %s", (preset) => {
  const runs = profile(`${rowOrder.name}, ${preset}`, 100);

  test.prop([stepsOf(preset)], runs)(runs.name, (step) => {
    const { status } = rowOrder.check(explorer, stepAt(explorer, step));
    fc.pre(status !== "inconclusive");
    expect(status).toBe("holds");
  });
});
