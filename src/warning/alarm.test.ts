import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alarmSentence, OverflowAlarm } from "./alarm.ts";
import type { AlarmVector } from "./vectors.ts";

const vectors: AlarmVector[] = JSON.parse(readFileSync("src/warning/vectors.json", "utf8"));

/** The steps at which an alarm begins over a series. */
function beginnings(steps: number, cell: (step: number) => number, alarm = new OverflowAlarm()): number[] {
  return Array.from({ length: steps }, (_, k) => k + 1).filter(
    (step) => alarm.look(step, { cell: cell(step) }) !== null,
  );
}

describe("an alarm of overflow", () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    "says the same as in Python: %s",
    (_, { steps }) => {
      const alarm = new OverflowAlarm();
      for (const { step, magnitudes, begins, rings } of steps) {
        const numbers = Object.fromEntries(
          Object.entries(magnitudes).map(([name, value]) => [name, Number(value)]),
        );
        expect(alarm.look(step, numbers) !== null).toBe(begins);
        expect(alarm.ringing && { ...alarm.ringing, level: Number(alarm.ringing.level.toFixed(9)) }).toEqual(
          rings,
        );
      }
    },
  );

  it("is silent while nothing grows, however long", () => {
    expect(beginnings(5000, (step) => 900 + (step % 7))).toEqual([]);
  });

  it("begins at 1e24 whatever the trend, and once", () => {
    expect(beginnings(50, () => 0.9e24)).toEqual([]);
    expect(beginnings(50, () => 1.1e24)).toEqual([1]);
  });

  it("begins before that where the trend passes float32 soon", () => {
    // Ten decades while the run doubles: past float32 at step 14.4, which is 3 times step 5 and not step 4.
    const cell = (step: number) => 10 ** (10 * Math.log2(step));
    expect(beginnings(20, cell)).toEqual([5]);
    // A tenth of a decade while it doubles, at the same height.
    expect(beginnings(20, (step) => 10 ** (16 + 0.1 * Math.log2(step)))).toEqual([]);
  });

  it("predicts the step of a growth by the logarithm of the step", () => {
    const alarm = new OverflowAlarm();
    beginnings(100, (step) => 10 ** (5 * Math.log10(step) + 15), alarm);
    // 5 log10(step) + 15 = 38.53
    expect(alarm.ringing?.predicted).toBeGreaterThan(0.99 * 10 ** 4.706);
    expect(alarm.ringing?.predicted).toBeLessThan(1.01 * 10 ** 4.706 + 1);
  });

  it("keeps ringing through the short batches between long ones, and ends when it has been cold for long", () => {
    expect(beginnings(300, (step) => (step % 8 === 0 ? 1e30 : 1))).toEqual([8]);
    expect(beginnings(300, (step) => (step % 100 === 0 ? 1e30 : 1))).toEqual([100, 200, 300]);
  });

  it("names the magnitude that is nearest to the end, and when", () => {
    const alarm = new OverflowAlarm();
    const said = alarm.look(1, { weight: 3, cell: 1e30, output: 1e26 });
    expect(said).toEqual({ step: 1, gauge: "cell", level: expect.closeTo(30), predicted: null });
    expect(alarmSentence({ step: 30, gauge: "cell", level: 25.4, predicted: 105 })).toBe(
      "warning: float32 may overflow: cell is past 1e25 at step 30; about step 105 if it grows on like this",
    );
    expect(alarmSentence({ step: 30, gauge: "cell", level: 25.4, predicted: null })).toContain(
      "does not grow",
    );
  });
});
