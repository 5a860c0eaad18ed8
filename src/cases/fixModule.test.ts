import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UsageError } from "./errors.ts";
import { loadFix } from "./fixModule.ts";
import { presets } from "./presets.ts";

const folder = mkdtempSync(join(tmpdir(), "nanproof-fix-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function module(source: string): string {
  const path = join(folder, `fix-${files++}.mjs`);
  writeFileSync(path, source);
  return path;
}

const { published } = presets;

describe("a user's own fix", () => {
  it("is the function that the module exports, named after the file", async () => {
    const path = module("export const fix = (c) => ({ ...c, model: { ...c.model, cellClip: 50 } });");
    const fix = await loadFix(path);
    expect(fix).toMatchObject({ name: "fix-0.mjs", acts: "as-changed" });
    expect(fix.apply(published)).toEqual({ ...published, model: { ...published.model, cellClip: 50 } });
  });

  it("cannot change the case that it is given", async () => {
    const fix = await loadFix(module("export function fix(c) { c.model.cellClip = 50; return c; }"));
    expect(fix.apply(published).model.cellClip).toBe(50);
    expect("cellClip" in published.model).toBe(false);
  });

  const UNLOADABLE: [what: string, source: string, says: RegExp][] = [
    ["exports no fix", "export const fixes = 1, other = 2;", /exports no fix, but fixes, other$/],
    ["exports nothing", "", /exports no fix, but nothing$/],
    ["exports fix as a number", "export const fix = 3;", /exports fix as 3$/],
    ["exports it as default", "export default (c) => c;", /exports no fix, but default$/],
    ["is no JavaScript", "export const fix = (", /cannot be loaded: .*syntax/i],
    ["throws when it is loaded", "throw new Error('not today')", /cannot be loaded: Error: not today$/],
    ["imports what is not there", "import './missing.mjs'", /cannot be loaded: Error: Cannot find module /],
  ];
  it.each(UNLOADABLE)("%s", async (_, source, says) => {
    const error = await loadFix(module(source)).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(says);
    expect((error as UsageError).message).toContain(folder);
  });

  it("is not there, or is a folder", async () => {
    await expect(loadFix(join(folder, "none.mjs"))).rejects.toThrow(/none\.mjs: there is no such file$/);
    await expect(loadFix(folder)).rejects.toThrow(/: is no file$/);
  });

  it("that does not return is ended, and so is the next call", async () => {
    const fix = await loadFix(module("export const fix = () => { for (;;); };"), 100);
    for (const _ of ["once", "twice"])
      expect(() => fix.apply(published)).toThrow(/fix did not return within 0\.1 s$/);
  });

  const UNUSABLE: [what: string, fix: string, says: RegExp][] = [
    ["makes a promise that fails", "() => Promise.reject(new Error('late'))", /is a promise, not a case$/],
    ["throws", "() => { throw new TypeError('no layers') }", /fix threw: TypeError: no layers$/],
    ["returns nothing", "() => {}", /is no valid case: the document is missing/],
    ["is async", "async (c) => c", /is a promise, not a case$/],
    [
      "invents a field",
      "(c) => ({ ...c, clip: 1 })",
      /is no valid case: the document has the unknown key "clip"/,
    ],
    [
      "gives a bad value",
      "(c) => ({ ...c, model: { ...c.model, cellClip: -1 } })",
      /is no valid case: model\.cellClip is -1: give a number over 0 as float32 holds it/,
    ],
    [
      "depends on chance",
      "(c) => ({ ...c, steps: Math.ceil(1e6 * Math.random()) })",
      /differs from one call to/,
    ],
    [
      "counts its calls",
      "(c) => ({ ...c, steps: ++globalThis.calls || (globalThis.calls = 1) })",
      /differs from/,
    ],
  ];
  it.each(UNUSABLE)("%s", async (_, source, says) => {
    const fix = await loadFix(module(`export const fix = ${source};`));
    expect(() => fix.apply(published)).toThrow(UsageError);
    expect(() => fix.apply(published)).toThrow(says);
  });
});
