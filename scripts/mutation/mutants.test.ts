import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readChoices } from "./choices.ts";
import { EQUIVALENT } from "./equivalents.ts";
import { generatedMutants } from "./generate.ts";
import { boolFunctionsOf, kernelEdits } from "./kernelRules.ts";
import { broken, mutantsOf } from "./mutant.ts";
import { readSource } from "./source.ts";
import { stepEdits } from "./stepRules.ts";
import { writtenMutants } from "./written.ts";

const all = [...writtenMutants(), ...generatedMutants()];

test("every mutant has a name of its own and changes its source", () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const mutant of all) {
    const text = readFileSync(mutant.file, "utf8");
    expect(broken(text, mutant), mutant.id).not.toBe(text);
  }
});

test("each reason for an equivalent mutant belongs to one that is made, and to no other reason", () => {
  const named = EQUIVALENT.flatMap(({ mutants }) => mutants);
  const made = new Set(all.map(({ id }) => id));
  expect(named.filter((id) => !made.has(id))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
});

test("what a case chooses is read from the sources: optimizer scalars, flags and codes, no size and no address", () => {
  const { names, scalars, codes } = readChoices();
  for (const name of ["rate", "keep1", "take2", "correction1", "optimizerEpsilon", "limit", "l2"])
    expect(scalars).toContain(name);
  for (const name of ["skipNonFinite", "finiteWeights", "masked", "optimizer", "clip"]) {
    expect(names).toContain(name);
    expect(scalars).not.toContain(name);
  }
  expect(names).not.toContain("rows");
  expect(names).not.toContain("stride");
  expect(codes).toContain("ADAM_TF1");
});

/** Names of the mutants that the rules of the kernels make of a text. */
function kernelMutants(text: string): string[] {
  const source = readSource("kernel.ts", text);
  const edits = kernelEdits(source, readChoices(), new Set(boolFunctionsOf(source)));
  return mutantsOf("kernel.ts", text, edits).map(({ id }) => id.replace("kernel.ts ", ""));
}

test("a kernel: scalars doubled, codes changed, conditions both ways, lanes let through", () => {
  expect(
    kernelMutants(`
export function update(plan: Plan, skipped: bool): void {
  if (plan.optimizer == SGD) rate(plan.rate, plan.clip, skipped);
  if (plan.masked && !skipped) store<f64>(plan.results + COSINE, 1);
  v128.store(at, v128.and(x, live));
  plan.finiteWeights = isFinite(sum);
}`),
  ).toEqual([
    "update: plan.optimizer == SGD → true",
    "update: plan.optimizer == SGD → false",
    "update: plan.rate → (plan.rate * 2)",
    "update: plan.clip → (plan.clip ^ 1)",
    "update: skipped → true",
    "update: skipped → false",
    "update: plan.masked → true",
    "update: plan.masked → false",
    "update: skipped → true (2)",
    "update: skipped → false (2)",
    "update: store<f64>(plan.results + COSINE, 1); → (left out)",
    "update: v128.and(x, live) → x",
    "update: isFinite(sum) → 1",
    "update: isFinite(sum) → 0",
  ]);
});

test("the TypeScript of a step: conditions, operands, operators, roundings, assignments, writes", () => {
  const text = `
class Run {
  step(n: number) {
    if (this.a && n < 2) this.b = f(1 - n);
    arena.set("rate", Math.min(n, 1));
  }
}`;
  const edits = stepEdits(readSource("step.ts", text));
  expect(mutantsOf("step.ts", text, edits).map(({ id }) => id.replace("step.ts ", ""))).toEqual([
    "step: this.a && n < 2 → true && n < 2",
    "step: this.a && n < 2 → true",
    "step: this.a && n < 2 → false",
    "step: this.a && n < 2 → this.a && true",
    "step: n < 2 → n <= 2",
    "step: this.b = f(1 - n); → (left out)",
    "step: f(1 - n) → (1 - n)",
    "step: 1 - n → 1 + n",
    'step: arena.set("rate", Math.min(n, 1)); → (left out)',
    "step: Math.min(n, 1) → Math.max(n, 1)",
  ]);
});
