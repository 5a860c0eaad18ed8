import { expect, it } from "vitest";
import { randomStream } from "../../../numerics/random.ts";
import { DOMAINS } from "../cases/domains.ts";
import { presets } from "../cases/presets.ts";
import type { TrainingCase } from "../cases/schema.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";
import { growingUnit } from "../engines/tfjs/testing/smallCase.ts";
import { drawCase } from "./drawCase.ts";
import { mutate } from "./mutate.ts";
import { trainingCase } from "./trainingCase.ts";

/** The parts of a case that are drawn by themselves, as text. */
function parts({ model, init, data, optimizer, steps }: TrainingCase): Record<string, string> {
  if (init.kind !== "glorot" || data.kind !== "synthetic") throw new Error("a drawn case is synthetic");
  const { seed, inputScale, ...sequences } = data;
  return {
    layers: JSON.stringify(model),
    "initial seed": init.seed,
    "initial scale": String(init.scale),
    "data seed": seed,
    "input scale": String(inputScale),
    sequences: JSON.stringify(sequences),
    rate: String(optimizer.learningRate),
    steps: String(steps),
  };
}

it("a mutant is a valid case, made of two cases' parts, and never its parent again", () => {
  const cases = trainingCase(DOMAINS.wide, presets.published);
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const parent = drawCase(cases, "mutate", `parent/${i}`);
    const fresh = drawCase(cases, "mutate", `fresh/${i}`);
    const mutant = mutate(parent, fresh, randomStream("mutate", String(i)));
    expect(trainingCaseSchema.parse(mutant)).toEqual(mutant);
    expect(mutant).not.toEqual(parent);
    const [fields, old] = [parts(mutant), parts(parent)];
    for (const [name, value] of Object.entries(fields)) if (value !== old[name]) seen.add(name);
  }
  expect([...seen].sort()).toEqual([
    "data seed",
    "initial scale",
    "initial seed",
    "input scale",
    "layers",
    "rate",
    "sequences",
    "steps",
  ]);
});

it("weights and data that are written out are neither changed nor taken", () => {
  const written = growingUnit();
  const cases = trainingCase(DOMAINS.wide, presets.published);
  for (let i = 0; i < 50; i++) {
    const drawn = drawCase(cases, "mutate", `fresh/${i}`);
    for (const [parent, fresh] of [
      [written, drawn],
      [drawn, written],
    ] as const) {
      const { init, data } = mutate(parent, fresh, randomStream("mutate", String(i)));
      expect({ init, data }).toEqual({ init: parent.init, data: parent.data });
    }
  }
});
