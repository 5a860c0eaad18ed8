/**
 * Claim: the engines agree on one step from a shared state, to ten times what one ulp in the weights does to it, with every preset.
 */
import { test } from "@fast-check/vitest";
import * as fc from "fast-check";
import { describe, expect } from "vitest";
import { openEngine } from "../src/programs/lstm/engines/open.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "../src/programs/lstm/engines/tfjs/testing/backends.ts";
import { enginesAgree } from "../src/programs/lstm/relations/enginesAgree.ts";
import { PRESETS } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";
import { stepAt, stepsOf } from "./testing/steps.ts";

const explorer = await openEngine("explorer");
const engineOn = await openBackends();
/** Op by op a timestep takes milliseconds, so rows are shorter here. */
const short = { time: { min: 1, max: 12 } } as const;

test.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("explorer and tfjs-%s", (backend) => {
  const relation = enginesAgree(engineOn(backend));

  describe.each(PRESETS)("of %s", (preset) => {
    const runs = profile(`${relation.name}, ${preset}`, 15);

    test.prop([stepsOf(preset, short)], runs)(runs.name, (step) => {
      const { status } = relation.check(explorer, stepAt(explorer, step));
      fc.pre(status !== "inconclusive");
      expect(status).toBe("holds");
    });
  });
});
