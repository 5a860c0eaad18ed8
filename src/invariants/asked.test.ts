import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Differs, plainRecord } from "../programs/lstm/engines/testing/plainRecord.ts";
import { violationSignature, watchAll } from "../programs/stepInvariant.ts";
import { askedInvariants } from "./asked.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-invariants-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of this folder; its path. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The violation that the invariants asked for see in one step, in words; null for none. */
async function violationOf(specs: readonly string[], differs: Differs = {}) {
  const violation = watchAll(await askedInvariants(specs))(plainRecord(1, differs));
  return violation && `${violation.invariant.name} ${violation.gauge}: ${violation.message}`;
}

describe("invariants by name", () => {
  it.each<[string, Differs, string | null]>([
    ["exploding", { loss: -2e18 }, "exploding loss: loss is -2000000000000000000, not below"],
    ["exploding=30", { weightNorm: 30 }, "exploding weightNorm: weightNorm is 30, not below 30"],
    ["exploding=3e9", { weightNorm: 3 }, null],
    ["raw-gradient=2", { rawGradientNorm: 2 }, "raw-gradient rawGradientNorm: the gradient norm is 2"],
    ["dead-gradient", { rawGradientNorm: 0 }, "dead-gradient rawGradientNorm: rawGradientNorm is 0"],
    ["dead-gradient", { appliedGradientNorm: 0 }, null],
    [
      "stuck",
      { appliedGradientNorm: 0, rawGradientNorm: Number.POSITIVE_INFINITY },
      "stuck appliedGradientNorm: the clipped gradient is 0, and its norm before was Infinity",
    ],
    ["stuck", { appliedGradientNorm: 0, rawGradientNorm: 0 }, null],
  ])("%s of %o", async (spec, differs, says) => {
    const message = await violationOf([spec], differs);
    if (says === null) expect(message).toBeNull();
    else expect(message).toContain(says);
  });

  it.each([
    ["frozen-parameter=3", { frozen: ["weight/w"] }, 3, "weight/w has not changed for 3 steps"],
    ["dead-gradient", { zeroGradients: ["weight/w"] }, 10, "the gradient of weight/w is 0 for 10 steps"],
    ["stuck", { gauges: { update: 0 } }, 10, "no weight has changed for 10 steps"],
  ] as const)("%s of a program counts steps in a row", async (spec, differs, steps, says) => {
    const record = (step: number, more: object) => ({ ...plainRecord(step), ...more });
    const look = watchAll(await askedInvariants([spec]));
    for (let step = 1; step < steps; step++) expect(look(record(step, differs))).toBeNull();
    // One step that is well begins the count anew.
    expect(look(record(steps, { frozen: [], zeroGradients: [], gauges: { update: 1 } }))).toBeNull();
    for (let step = 1; step < steps; step++) expect(look(record(step, differs))).toBeNull();
    expect(look(record(steps, differs))?.message).toBe(says);
  });

  it("hold a program to its own besides, by their own names", async () => {
    const look = watchAll(await askedInvariants([]));
    const violated = [{ name: "small activations", message: "one is 7" }];
    const violation = look({ ...plainRecord(1), violated });
    expect(violation && violationSignature(violation)).toBe("step/small-activations/check");
  });

  it("come after finite, each once", async () => {
    const names = (await askedInvariants(["finite", "exploding=2", "exploding=2", "stuck"])).map(
      ({ spec }) => spec,
    );
    expect(names).toEqual(["finite", "exploding=2", "stuck"]);
  });

  it.each([
    ["nope", "there is no such invariant"],
    ["exploding=", "the bound is no number over 0"],
    ["exploding=-1", "the bound is no number over 0"],
    ["stuck=3", "stuck takes no bound"],
    ["nope.mjs", "there is no such file"],
  ])("%s is refused", async (spec, says) => {
    await expect(askedInvariants([spec])).rejects.toMatchObject({
      code: "NANPROOF_E_INVARIANT",
      message: expect.stringContaining(says),
    });
  });
});

describe("the invariants of a file", () => {
  const checking = (check: string) => `export const invariants = [{ name: "mine", check: ${check} }];`;

  it("look at step, loss and gauges", async () => {
    const check = "({ step, loss, gauges }) => (loss > 5 ? `$" + "{step} $" + "{gauges.weightNorm}` : null)";
    const path = file("mine.mjs", checking(check));
    expect(await violationOf([path], { loss: 6, weightNorm: 7 })).toBe("mine check: 1 7");
    expect(await violationOf([path], { loss: 4 })).toBeNull();
  });

  it("may be TypeScript", async () => {
    const path = file("typed.ts", checking("({ loss }: { loss: number }): string => String(loss)"));
    expect(await violationOf([path], { loss: 6 })).toBe("mine check: 6");
  });

  it("are known by the file's name: a fixture holds no path of a machine", async () => {
    const [, mine] = await askedInvariants([file("named.mjs", checking("() => null"))]);
    expect(mine?.spec).toBe("named.mjs");
  });

  it.each([
    ["export const other = 1;", "exports no invariants"],
    ["export const invariants = [];", "exports no invariants"],
    ["export const invariants = [{ name: 'a/b', check() {} }];", "which is no invariant"],
    ["throw new Error('at once');", "cannot be loaded: Error: at once"],
  ])("%s is refused", async (text, says) => {
    const path = file(`wrong-${says.length}-${text.length}.mjs`, text);
    await expect(askedInvariants([path])).rejects.toThrow(says);
  });

  it.each([
    ["() => { throw new Error('oh') }", "check of mine threw Error: oh at step 1"],
    ["async () => null", "check of mine gave an object at step 1"],
    ["() => true", "check of mine gave true at step 1"],
  ])("whose check is %s end the run as wrong use", async (check, says) => {
    const path = file(`check-${check.length}.mjs`, checking(check));
    await expect(violationOf([path])).rejects.toMatchObject({ code: "NANPROOF_E_INVARIANT" });
    await expect(violationOf([path])).rejects.toThrow(says);
  });
});
