// What the alarm says of a few series of magnitudes: the file that its tests in TypeScript and in Python both read.
// npx tsx scripts/experiments/warning-vectors.ts
// Made with the class in TypeScript; src/warning/alarm.test.ts says besides, without it, what must come of the series.
import { writeFileSync } from "node:fs";
import { presets } from "../../src/programs/lstm/cases/presets.ts";
import { magnitudesOf } from "../../src/programs/lstm/engines/magnitudes.ts";
import { run } from "../../src/programs/lstm/engines/run.ts";
import { OverflowAlarm } from "../../src/warning/alarm.ts";
import type { AlarmVector } from "../../src/warning/vectors.ts";

/** NaN and Infinity are no JSON. */
const written = (magnitudes: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(magnitudes).map(([name, value]) => [
      name,
      Number.isFinite(value) ? Number(value.toPrecision(6)) : String(value),
    ]),
  );

const each = (steps: number, cell: (step: number) => number, stride = 1) =>
  Array.from({ length: Math.floor(steps / stride) }, (_, k) => ({
    step: 1 + k * stride,
    magnitudes: { cell: cell(1 + k * stride) },
  }));

const { model, data: _, ...published } = presets.published;
const layers = model.layers.map((layer) => ({ ...layer, units: 12 }));
const row = { length: 50, padding: "after" as const, holes: [], zeroTargets: [] };
const trained = await run(
  {
    ...published,
    model: { ...model, inputs: 12, layers },
    optimizer: { ...published.optimizer, learningRate: 0.3 },
    data: {
      kind: "synthetic",
      seed: "vectors",
      inputScale: 2,
      masked: true,
      batches: [
        { time: 50, rows: [row, row] },
        { time: 50, rows: [row] },
      ],
    },
    steps: 60,
  },
  {},
);

const SERIES: Readonly<Record<string, { step: number; magnitudes: Record<string, number> }[]>> = {
  "a level that stays": each(40, () => 3.5),
  "one decade more a step": each(40, (step) => 10 ** (step - 3)),
  "growth that comes to rest below the alarm": each(60, (step) => 10 ** (16 - 16 / step)),
  "short batches between long ones": each(40, (step) => (step % 3 === 0 ? 10 ** (10 + step / 2) : 0.1)),
  "hot, cold for long, and hot again": each(150, (step) => (step < 10 || step > 120 ? 2e26 : 1)),
  "every tenth step": each(300, (step) => 10 ** (9 * Math.log10(step) + 4), 10),
  "numbers that are none": [
    { step: 1, magnitudes: { cell: Number.NaN, weight: 0 } },
    { step: 2, magnitudes: { cell: 2, weight: -1e30 } },
    { step: 3, magnitudes: { cell: Number.POSITIVE_INFINITY, weight: 1 } },
  ],
  "the cells of a run": trained.records.map((record) => ({
    step: record.step,
    magnitudes: written(magnitudesOf(record, published.optimizer)) as Record<string, number>,
  })),
};

const vectors: AlarmVector[] = Object.entries(SERIES).map(([name, steps]) => {
  const alarm = new OverflowAlarm();
  return {
    name,
    steps: steps.map(({ step, magnitudes }) => {
      const kept = written(magnitudes);
      const numbers = Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, Number(value)]));
      const begins = alarm.look(step, numbers) !== null;
      const { ringing } = alarm;
      return {
        step,
        magnitudes: kept,
        begins,
        rings: ringing && { ...ringing, level: Number(ringing.level.toFixed(9)) },
      };
    }),
  };
});

const text = vectors
  .map(
    ({ name, steps }) =>
      `  {\n    "name": ${JSON.stringify(name)},\n    "steps": [\n${steps.map((step) => `      ${JSON.stringify(step)}`).join(",\n")}\n    ]\n  }`,
  )
  .join(",\n");
writeFileSync("src/warning/vectors.json", `[\n${text}\n]\n`);
