import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openData } from "../cases/data.ts";
import { presets } from "../cases/presets.ts";
import { initialState } from "../cases/state.ts";
import { openEngine } from "../engines/open.ts";
import { smallCase } from "../engines/tfjs/testing/smallCase.ts";
import { sibling } from "../fixes/sibling.ts";
import { trial } from "./trial.ts";

const engine = await openEngine("explorer");
const folder = mkdtempSync(join(tmpdir(), "nanproof-trial-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const SENTENCES = Array.from({ length: 60 }, (_, i) => `the ${i} cats saw ${i % 7} dogs and ${i % 5} mice`);
writeFileSync(join(folder, "text.txt"), SENTENCES.join("\n"));

/** A case of a text of which half the sentences are kept apart, in batches of two. */
const ofText = smallCase({
  model: { inputs: 3, layers: [{ units: 3, activation: "tanh" }], forgetBias: 1 },
  data: {
    ...presets.published.data,
    source: { kind: "file", path: "text.txt" },
    split: "lines",
    maxLength: 8,
    batch: 2,
    validation: 0.5,
  },
  steps: 4,
});

it("the validation loss of a trial is the mean of the first eight batches that training does not see", async () => {
  const training = engine.start(ofText, initialState(ofText));
  const data = openData(ofText, { folder });
  for (let step = 0; step < ofText.steps; step++) training.step(data.batch(step));
  const unseen = [...openData(sibling(ofText, "validation"), { folder }).validation()];
  expect(unseen.length).toBeGreaterThan(8);
  const losses = unseen.slice(0, 8).map((batch) => training.evaluate(batch));
  training.dispose();
  const tried = await trial(engine, { fixed: ofText, before: ofText }, { folder }, { aborted: false });
  expect(tried).toMatchObject({ lives: true, steps: 4, skipped: 0 });
  expect(tried.validationLoss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 8, 12);
});
