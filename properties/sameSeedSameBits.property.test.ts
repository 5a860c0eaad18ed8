/**
 * Claim: the same case gives the same bits over a whole run, in one process and in a fresh one; on the explorer on every machine,
 * so that its digests are committed.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@fast-check/vitest";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { DOMAINS } from "../src/programs/lstm/cases/domains.ts";
import { presets } from "../src/programs/lstm/cases/presets.ts";
import { openEngine } from "../src/programs/lstm/engines/open.ts";
import { drawCase } from "../src/programs/lstm/generation/drawCase.ts";
import { trainingCase } from "../src/programs/lstm/generation/trainingCase.ts";
import { digestOf } from "../src/programs/lstm/relations/sameBits.ts";
import { PRESETS } from "./testing/examples.ts";
import { profile } from "./testing/profile.ts";

const explorer = await openEngine("explorer");
const folder = mkdtempSync(join(tmpdir(), "nanproof-bits-"));
afterAll(() => rmSync(folder, { recursive: true }));

const cases = (["hardened", "published"] as const).flatMap((preset) => {
  const wide = trainingCase(DOMAINS.wide, presets[preset]);
  return Array.from({ length: 10 }, (_, i) => drawCase(wide, "42", `bits/${i}`));
});
const digests = cases.map((testCase) => digestOf(explorer, testCase));

describe("same seed, same bits", () => {
  describe.each(PRESETS)("of %s", (preset) => {
    const runs = profile(`twice in one process, ${preset}`, 20);
    test.prop([trainingCase(DOMAINS.wide, presets[preset])], runs)(runs.name, (testCase) => {
      expect(digestOf(explorer, testCase)).toBe(digestOf(explorer, testCase));
    });
  });

  it("in a fresh process", async () => {
    const file = join(folder, "cases.json");
    writeFileSync(file, JSON.stringify(cases));
    const { stdout } = await execa(process.execPath, [
      "--import",
      "tsx",
      "properties/testing/digestsOfCases.ts",
      file,
    ]);
    expect(JSON.parse(stdout)).toEqual(digests);
  });

  it("as committed, for 20 runs of the wide domain", () => {
    expect(digests).toMatchSnapshot();
  });

  it("on tfjs too, in one process", async () => {
    const tfjs = await openEngine("tfjs-wasm");
    const short = cases.map((testCase) => ({ ...testCase, steps: 1 })).slice(0, 3);
    for (const testCase of short) expect(digestOf(tfjs, testCase)).toBe(digestOf(tfjs, testCase));
  });
});
