import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareRecording } from "../../recordings/compare.ts";
import { type Recording, readRecording } from "../../recordings/recording.ts";
import { BACKENDS, LEFT_OUT, openBackends } from "./testing/backends.ts";

const FOLDER = "fixtures/recordings";
const recordings = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => readRecording(`${FOLDER}/${file}`));
const engines = await openBackends();
const named = (name: string) => structuredClone(recordings.find((r) => r.case.name === name)) as Recording;

it.skip.each(LEFT_OUT)("%s", () => {});

describe.each(BACKENDS)("tfjs-%s and the original TF1 program", (backend) => {
  it("are compared over all 20 recordings", () => expect(recordings).toHaveLength(20));

  it.each(recordings.map((recording) => [recording.case.name, recording] as const))(
    "agree on %s",
    (_, recording) => {
      const comparison = compareRecording(recording, engines(backend));
      expect(comparison.firstDisagreement).toBeNull();
      expect(comparison).toMatchObject({ agree: true, steps: recording.steps.length });
    },
  );

  /** Changes of a recording, each with the quantity that then disagrees. */
  const changes: [string, (recording: Recording) => void][] = [
    ["loss", ({ steps }) => Object.assign(steps[7] ?? {}, { loss: Number(steps[7]?.loss) * 1.01 })],
    [
      "gradientNorm",
      ({ steps }) => Object.assign(steps[2] ?? {}, { gradientNorm: Number(steps[2]?.gradientNorm) * 1.01 }),
    ],
    ["final weights", ({ finalWeights }) => Object.assign(finalWeights[1]?.bias ?? [], { 0: 5 })],
    ["first step's outputs", ({ firstStep }) => Object.assign(firstStep.outputs[0]?.[0] ?? [], { 1: 0.5 })],
    [
      "first step's gradients",
      ({ firstStep }) => Object.assign(firstStep.gradients[0]?.bias ?? [], { 2: 0.5 }),
    ],
  ];

  it.each(changes)("disagree where the %s was changed", (quantity, change) => {
    const recording = named("seed-axis1");
    change(recording);
    const { agree, firstDisagreement } = compareRecording(recording, engines(backend));
    expect(agree).toBe(false);
    expect(firstDisagreement?.quantity).toContain(quantity);
  });

  it("disagree where the recording dies and the engine does not", () => {
    const recording = named("finished-row-beside-an-equal-one");
    Object.assign(recording.steps[2] ?? {}, { weightsFinite: false });
    expect(compareRecording(recording, engines(backend)).firstDisagreement).toMatchObject({
      step: 3,
      quantity: "weights",
    });
  });
});
