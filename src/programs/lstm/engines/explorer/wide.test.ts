import { describe, expect, test } from "vitest";
import { isFatal, type StepRecord } from "../../../stepRecord.ts";
import { diagnose } from "../../diagnosis/diagnosis.ts";
import type { Engine } from "../engine.ts";
import { tfjsEngine } from "../tfjs/engine.ts";
import { explorerEngine } from "./engine.ts";
import { expectAgreement } from "./testing/agreement.ts";
import { drawWideCase } from "./testing/wideCases.ts";

const explorer = explorerEngine();

const blocks = (count: number) => Array.from({ length: count }, (_, block) => block);

test.each(blocks(4))(
  "one step over the whole width of the schema, as tfjs-cpu: block %i of 15 cases",
  async (block) => {
    const cpu = await tfjsEngine("cpu");
    let compared = 0;
    for (let i = 15 * block; i < 15 * block + 15; i++) {
      const drawn = drawWideCase(`wide/${i}`);
      compared += expectAgreement(explorer, cpu, drawn, drawn.state, `wide/${i}`);
    }
    expect(compared).toBeGreaterThan(7);
  },
);

type Drawn = ReturnType<typeof drawWideCase>;

function stepOf(engine: Engine, { testCase, state, batch }: Drawn): StepRecord {
  const run = engine.start(testCase, state);
  try {
    return run.step(batch);
  } finally {
    run.dispose();
  }
}

const signatureOf = (engine: Engine, { testCase, state, batch }: Drawn) => {
  const run = engine.start(testCase, state);
  try {
    return diagnose(testCase, batch, run.trace(batch))?.signature;
  } finally {
    run.dispose();
  }
};

/**
 * Against tfjs-wasm, which sums in float32 as the explorer does: tfjs-cpu sums in float64, where
 * products past 3.4e38 of both signs can cancel that are Infinity - Infinity here.
 * In a fatal step the death and its signature count: what is still finite there depends on a library's
 * sigmoid of -Infinity.
 */
describe("one step of huge numbers, as tfjs-wasm: which die, and of what", async () => {
  const wasm = await tfjsEngine("wasm");
  const signatures = new Set<string | undefined>();

  test.each(blocks(4))("block %i of 15 cases", (block) => {
    for (let i = 15 * block; i < 15 * block + 15; i++) {
      const name = `huge/${i}`;
      const drawn = drawWideCase(name, "huge");
      const record = stepOf(explorer, drawn);
      const reference = stepOf(wasm, drawn);
      expect(isFatal(record), name).toBe(isFatal(reference));
      expect(record.skipped, name).toBe(reference.skipped);
      if (isFatal(record)) {
        const signature = signatureOf(explorer, drawn);
        expect(signature, name).toBeDefined();
        expect(signature, name).toBe(signatureOf(wasm, drawn));
        signatures.add(signature);
      } else if (!record.skipped) expectAgreement(explorer, wasm, drawn, drawn.state, name);
    }
  });

  test("they die of many things", () => expect(signatures.size).toBeGreaterThan(5));
});
