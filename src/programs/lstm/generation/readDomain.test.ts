import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "../../../documents/errors.ts";
import { DOMAIN_NAMES, DOMAINS } from "../cases/domains.ts";
import { LAYOUT_NAMES } from "../cases/layouts.ts";
import { presets } from "../cases/presets.ts";
import { checkLargest } from "./largest.ts";
import { readDomain } from "./readDomain.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-domain-"));
afterAll(() => rmSync(folder, { recursive: true }));

function errorOf(nameOrPath: string): UsageError {
  try {
    readDomain(nameOrPath);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error("no UsageError was thrown");
}

describe("a domain", () => {
  it.each(DOMAIN_NAMES)("is found by its name: %s", (name) => {
    expect(readDomain(name)).toBe(DOMAINS[name]);
  });

  it("is read from a file", () => {
    const path = join(folder, "mine.json");
    writeFileSync(path, JSON.stringify({ ...DOMAINS.wide, layers: undefined }));
    expect(readDomain(path)).toEqual({ ...DOMAINS.wide, layers: undefined });
  });

  it("of docs/hunt.md can be copied from there, has every field and names every layout that there is", () => {
    const guide = readFileSync("docs/hunt.md", "utf8");
    const [, example = ""] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
    const path = join(folder, "my.json");
    writeFileSync(path, example);
    const domain = readDomain(path);
    expect(Object.keys(domain)).toEqual(Object.keys(DOMAINS.wide));
    checkLargest(domain, presets.published);
    for (const name of LAYOUT_NAMES) expect(guide).toContain(`\`${name}\``);
    for (const name of DOMAIN_NAMES) expect(guide).toContain(`\`${name}\``);
  });

  it("that is neither is refused with the names there are", () => {
    const error = errorOf("wild");
    expect(error.message).toContain('"wild"');
    expect(error.hint).toContain("default, wide, stress, low-rate, benchmark");
  });

  it.each([
    ["an unknown key", { colour: 1 }, "colour"],
    ["a min over its max", { time: { min: 9, max: 8 } }, "time has a min over its max"],
    ["a rate of 0", { learningRate: { min: 0, max: 1 } }, "learningRate.min is 0"],
    ["an unknown layout", { layouts: ["diagonal"] }, 'layouts[0] is "diagonal"'],
    ["too many rows", { rows: { min: 1, max: 4000 } }, "rows times the batches make over 4096 rows"],
    ["no units", { units: { min: 0, max: 3, each: "run" } }, "units.min is 0"],
    [
      "several mistakes",
      { colour: 1, time: 3, units: { min: 0, max: "x", each: "run" } },
      "time is 3: give an object; ",
    ],
  ])("with %s is refused with the field", (_, differs, message) => {
    const path = join(folder, "bad.json");
    writeFileSync(path, JSON.stringify({ ...DOMAINS.wide, ...differs }));
    expect(errorOf(path).message).toContain(message);
    expect(errorOf(path).message).toContain(path);
    for (const key of Object.keys(differs)) expect(errorOf(path).message).toContain(key);
  });
});
