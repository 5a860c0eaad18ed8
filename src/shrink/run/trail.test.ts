import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import { openEngine } from "../../programs/lstm/engines/open.ts";
import { smallCase } from "../../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { SavedTrail } from "./trail.ts";

const engine = await openEngine("explorer");
const folder = mkdtempSync(join(tmpdir(), "nanproof-trail-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

it("The trail of a run's shrink is read by the shrink of that run on that engine, and by no other", () => {
  const run = smallCase();
  const other = smallCase({ steps: run.steps + 1 });
  const saved = new SavedTrail(folder, run, engine);
  const trail = { candidates: 3, accepted: [{ candidate: 2, steps: 1 }], best: run };
  expect(saved.keep(trail), "too soon after the last one").toBe(false);
  const now = performance.now();
  vi.spyOn(performance, "now").mockReturnValue(now + 1000);
  expect(saved.keep(trail)).toBe(true);
  expect(new SavedTrail(folder, run, engine).read()).toEqual({ schemaVersion: 1, ...trail });
  expect(new SavedTrail(folder, other, engine).read()).toBeUndefined();
  expect(new SavedTrail(folder, run, { ...engine, version: "another" }).read()).toBeUndefined();
  // Beside it lies what the shrink of a step keeps.
  expect(readdirSync(join(folder, ".nanproof"))).toEqual([expect.stringMatching(/^shrink-run-/)]);
  saved.remove();
  expect(readdirSync(folder)).toEqual([]);
});
