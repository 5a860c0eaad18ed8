import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compareRecording } from "../../recordings/compare.ts";
import { readRecording } from "../../recordings/recording.ts";
import { explorerEngine } from "./engine.ts";

const FOLDER = fileURLToPath(new URL("../../../../../fixtures/recordings/", import.meta.url));
const engine = explorerEngine();

test.each(readdirSync(FOLDER).filter((name) => name.endsWith(".json")))("agrees with TF1's %s", (name) => {
  const comparison = compareRecording(readRecording(FOLDER + name), engine);
  expect(comparison.firstDisagreement).toBeNull();
  expect(comparison.agree).toBe(true);
});
