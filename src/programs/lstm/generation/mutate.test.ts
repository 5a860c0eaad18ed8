import { expect, it } from "vitest";
import { randomStream } from "../../../numerics/random.ts";
import { DOMAINS } from "../cases/domains.ts";
import { presets } from "../cases/presets.ts";
import { trainingCaseSchema } from "../cases/trainingCase.ts";
import { drawCase } from "./drawCase.ts";
import { mutate } from "./mutate.ts";
import { trainingCase } from "./trainingCase.ts";

it("a mutant is a valid case, made of two cases' parts, and never its parent again", () => {
  const cases = trainingCase(DOMAINS.wide, presets.published);
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const parent = drawCase(cases, "mutate", `parent/${i}`);
    const fresh = drawCase(cases, "mutate", `fresh/${i}`);
    const mutant = mutate(parent, fresh, randomStream("mutate", String(i)));
    expect(trainingCaseSchema.parse(mutant)).toEqual(mutant);
    expect(mutant).not.toEqual(parent);
    const fields = {
      layers: mutant.model,
      init: mutant.init,
      data: mutant.data,
      rate: mutant.optimizer.learningRate,
      steps: mutant.steps,
    };
    const old = {
      layers: parent.model,
      init: parent.init,
      data: parent.data,
      rate: parent.optimizer.learningRate,
      steps: parent.steps,
    };
    for (const [name, value] of Object.entries(fields))
      if (JSON.stringify(value) !== JSON.stringify(old[name as keyof typeof old])) seen.add(name);
  }
  expect([...seen].sort()).toEqual(["data", "init", "layers", "rate", "steps"]);
});
