/**
 * Claim: the engines agree on one step from a shared state, to ten times what one ulp in the weights does to it; with the
 * `hardened` preset and with the published program.
 */
import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { openEngine } from "../src/engines/open.ts";
import { enginesAgree } from "../src/relations/enginesAgree.ts";
import { profile } from "./testing/profile.ts";
import { stepAt, stepsOf } from "./testing/steps.ts";

const explorer = await openEngine("explorer");
/** Op by op a timestep takes milliseconds, so rows are shorter here. */
const short = { time: { min: 1, max: 12 } } as const;

describe.each(["tfjs-wasm", "tfjs-cpu"] as const)("explorer and %s", async (name) => {
  const relation = enginesAgree(await openEngine(name));

  describe.each(["hardened", "published"] as const)("of %s", (preset) => {
    const runs = profile(`${relation.name}, ${preset}`, 15);

    test.prop([stepsOf(preset, short)], runs)(runs.name, (step) => {
      expect(relation.check(explorer, stepAt(explorer, step)).status).not.toBe("violated");
    });
  });
});
