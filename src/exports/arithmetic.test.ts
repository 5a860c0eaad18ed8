import { describe, expect, it } from "vitest";
import { rendered } from "./render.ts";
import { runScripts } from "./runScripts.ts";
import { TARGET_NAMES, TARGETS, type TargetName } from "./targets.ts";
import { type LivingStep, livingSteps } from "./testing/livingSteps.ts";
import { runnableTargets, testPython } from "./testing/pythons.ts";

/** Statements that print a script's loss, and its gradients or weights, and the line that they go before. */
const PRINTED: Readonly<
  Record<TargetName, { before: RegExp; gradients: string; update: string; loss: string }>
> = {
  tfjs: {
    before: /^ {2}for \(const \[name, tensors\]/m,
    gradients:
      '  console.log("VALUES", JSON.stringify([value.dataSync()[0], [exact.gradients, ...gradients.map((g) => [...g.dataSync()])]]));\n',
    update:
      '  console.log("VALUES", JSON.stringify([value.dataSync()[0], weights.map((w) => [...w.dataSync()])]));\n',
    loss: '  console.log("VALUES", JSON.stringify([found.loss[0].dataSync()[0], [exact.loss]]));\n',
  },
  pytorch: python("[a.tolist() for a in gradients]", "[a.tolist() for a in parameters]"),
  keras: python("[np.asarray(a).tolist() for a in gradients]", "[a.tolist() for a in lstm.get_weights()]"),
  tensorflow1: python("[a.tolist() for a in gradients]", "[a.tolist() for a in parameters]"),
  jax: python("[a.tolist() for a in gradients]", "[a.tolist() for a in parameters]"),
  numpy: python("[a.tolist() for a in gradients]", "[a.tolist() for a in parameters]"),
};

function python(gradients: string, update: string) {
  const print = (values: string) => `import json\nprint("VALUES", json.dumps([float(loss), ${values}]))\n`;
  return { before: /^if /m, gradients: print(gradients), update: print(update), loss: print("[]") };
}

/** All numbers of nested lists, from the smallest on: frameworks lay the same parameters out otherwise. */
const sorted = (values: unknown) =>
  [values]
    .flat(9)
    .map(Number)
    .sort((a, b) => a - b);

function expectedValues(name: TargetName, { reproduction: { model, layers, depth }, values }: LivingStep) {
  const forget = name === "keras" && depth === "update" ? model.forgetBias : 0;
  return sorted(
    values.map(({ kernel, bias }, l) => {
      const units = layers[l]?.units ?? 0;
      return [...kernel, ...bias.map((v, at) => (Math.floor(at / units) === 2 ? v + forget : v))];
    }),
  );
}

/** Steps of every depth; of the first, whose arithmetic the others repeat, a few. */
async function allSteps(): Promise<(LivingStep & { depth: "loss" | "gradients" | "update" })[]> {
  const of = async (depth: "loss" | "gradients" | "update", most: number) =>
    (await livingSteps(depth)).slice(0, most).map((step) => ({ ...step, depth }));
  return [...(await of("loss", 4)), ...(await of("gradients", 99)), ...(await of("update", 99))];
}

describe.each(runnableTargets())("the arithmetic of a script for %s", (name) => {
  const target = TARGETS[name];

  it("is the explorer's", { timeout: 900_000 }, async () => {
    const steps = (await allSteps()).filter(({ reproduction }) => target.refuses(reproduction) === null);
    expect(steps.length).toBeGreaterThan(18);
    const scripts = steps.map(({ reproduction, depth }) => {
      const made = rendered(reproduction, target);
      const script = made.script.replace(PRINTED[name].before, (found) => PRINTED[name][depth] + found);
      return { ...made, script };
    });
    const { runs } = await runScripts(target, scripts, { python: testPython() });
    for (const [at, step] of steps.entries()) {
      const run = runs[at];
      const line = run?.stdout.split("\n").find((text) => text.startsWith("VALUES "));
      if (line === undefined) throw new Error(`${step.name}: ${run?.error}\n${run?.stdout}`);
      expect(run?.exitCode, step.name).toBe(0);
      const [loss, values] = JSON.parse(line.slice("VALUES ".length)) as [number, unknown[]];
      expect(loss, step.name).toBeCloseTo(step.loss, 4);
      if (step.depth === "loss") continue;
      const split = name === "tfjs" && step.depth === "gradients";
      for (const part of split ? [values.slice(0, 1), values.slice(1)] : [values])
        expectNear(step.name, sorted(part), expectedValues(name, step));
    }
  });
});

/** Each number of one list is that of the other, within what float32 rounds in a step. */
function expectNear(name: string, seen: readonly number[], expected: readonly number[]): void {
  expect(seen.length, name).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  for (const [k, value] of seen.entries())
    expect(Math.abs(value - (expected[k] ?? 0)) / largest, `${name}: ${value}, ${expected[k]}`).toBeLessThan(
      2e-4,
    );
}

describe("targets", () => {
  it("are run in this test, or skipped for want of their frameworks (NANPROOF_FRAMEWORKS=1 runs all)", () => {
    expect(TARGET_NAMES).toEqual(expect.arrayContaining(runnableTargets()));
    expect(runnableTargets()).toContain("tfjs");
  });
});
