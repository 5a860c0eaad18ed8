import { describe, expect, it } from "vitest";
import { gauge } from "../../stepRecord.ts";
import type { CapturedStep } from "../cases/capturedStep.ts";
import { tfjsEngine } from "../engines/tfjs/engine.ts";
import { opened, smallCase, synthetic } from "../engines/tfjs/testing/smallCase.ts";
import { nonFiniteSites, type Site } from "./site.ts";
import { PHASES, type TraceGroup } from "./trace.ts";

const engine = await tfjsEngine("cpu");
const { optimizer, loss } = smallCase();
/** Padded width 5, longest row 4: timestep 4 is in the loss but in no cell. */
const testCase = smallCase({
  data: synthetic([4, 2], 5),
  optimizer: { ...optimizer, clip: { kind: "globalNorm", limit: 1 } },
  loss: { ...loss, l2: 0.1 },
});

function traceOf({ case: traced, state, batch }: CapturedStep): TraceGroup[] {
  const training = engine.start(traced, state);
  try {
    return [...training.trace(batch)];
  } finally {
    training.dispose();
  }
}

/** The first site in the order of the groups, as diagnosis meets it. */
function firstSite(small: CapturedStep): Site | undefined {
  for (const group of traceOf(small)) for (const site of nonFiniteSites(group)) return site;
  return undefined;
}

const label = ({ phase, timestep, layer, tensors }: TraceGroup) =>
  [phase, timestep ?? "-", layer ?? "-", ...tensors.map(({ name }) => name)].join(" ");

describe("the trace of a step", () => {
  const cell = "input preActivation cell hidden";
  const back = "hiddenGradient cellGradient preActivationGradient";
  const norms = "target targetSumOfSquares outputSumOfSquares normalisedTarget normalisedOutput";
  const moments =
    "kernelFirstMoment biasFirstMoment kernelSecondMoment biasSecondMoment updatedKernel updatedBias";
  const expected = [
    ...[0, 1].map((l) => `forward - ${l} kernel bias`),
    ...[0, 1, 2, 3].flatMap((t) => [0, 1].map((l) => `forward ${t} ${l} ${cell}`)),
    ...[0, 1, 2, 3, 4].map((t) => `normalise ${t} - ${norms}`),
    "normalise - - regulariser loss",
    ...[3, 2, 1, 0].flatMap((t) => [
      `backward ${t} - outputGradient`,
      ...[1, 0].map((l) => `backward ${t} ${l} ${back}`),
    ]),
    ...[1, 0].map((l) => `backward - ${l} kernelGradient biasGradient`),
    "clip - - gradientNorm",
    ...[0, 1].map((l) => `clip - ${l} clippedKernelGradient clippedBiasGradient`),
    ...[0, 1].map((l) => `update - ${l} ${moments}`),
  ];

  it("comes whole and in canonical order", () => {
    expect(traceOf(opened(testCase)).map(label)).toEqual(expected);
  });

  it("knows no other phase", () =>
    expect([...new Set(expected.map((line) => line.split(" ")[0]))]).toEqual(PHASES));

  it("has tensors of the shapes that their names promise", () => {
    for (const { tensors, phase, timestep, layer } of traceOf(opened(testCase)))
      for (const { name, columns, values } of tensors) {
        expect(values.length % columns, name).toBe(0);
        if (timestep !== null)
          expect(values.length / columns, `${phase} ${timestep} ${layer} ${name}`).toBe(2);
      }
  });

  it("ends in the loss, gradients and weights of the step itself", () => {
    const small = opened(testCase);
    const training = engine.start(small.case, small.state);
    const groups = [...training.trace(small.batch)];
    const record = training.step(small.batch);
    const after = training.state();
    training.dispose();
    const find = (name: string, layer: number | null) =>
      groups
        .filter((group) => group.layer === layer)
        .flatMap(({ tensors }) => tensors)
        .findLast((t) => t.name === name)?.values;
    expect(find("loss", null)?.[0]).toBe(record.loss);
    expect(find("regulariser", null)?.[0]).toBe(gauge(record, "regulariser"));
    expect(find("gradientNorm", null)?.[0]).toBeCloseTo(gauge(record, "rawGradientNorm"), 3);
    for (const layer of [0, 1]) {
      expect(find("updatedKernel", layer)).toEqual(after.weights[layer]?.kernel);
      expect(find("biasSecondMoment", layer)).toEqual(after.secondMoment[layer]?.bias);
    }
  });
});

describe("the first non-finite site", () => {
  const { inputs } = testCase.model;
  const plants: [string, (small: CapturedStep) => void, Partial<Site>][] = [
    [
      "a weight",
      ({ state }) => plant(state.weights[1]?.kernel, 2 * 12 + 7),
      { phase: "forward", timestep: null, layer: 1, row: 2, tensor: "kernel", unit: 7 },
    ],
    [
      "a bias",
      ({ state }) => plant(state.weights[0]?.bias, 4),
      { phase: "forward", timestep: null, layer: 0, row: 0, tensor: "bias", unit: 4 },
    ],
    [
      "an input",
      ({ batch }) => plant(batch.x, (1 * batch.time + 1) * inputs + 1),
      { phase: "forward", timestep: 1, layer: 0, row: 1, tensor: "input", unit: 1 },
    ],
    [
      "an input of a discarded step",
      ({ batch }) => plant(batch.x, (1 * batch.time + 3) * inputs),
      { phase: "forward", timestep: 3, layer: 0, row: 1, tensor: "input", unit: 0 },
    ],
    [
      "a target",
      ({ batch }) => plant(batch.y, (0 * batch.time + 2) * 3 + 1),
      { phase: "normalise", timestep: 2, layer: null, row: 0, tensor: "target", unit: 1 },
    ],
    [
      "a target past the longest row",
      ({ batch }) => plant(batch.y, (1 * batch.time + 4) * 3 + 2),
      { phase: "normalise", timestep: 4, row: 1, tensor: "target", unit: 2 },
    ],
    [
      "a second moment",
      ({ state }) => plant(state.secondMoment[1]?.bias, 3),
      { phase: "update", timestep: null, layer: 1, row: 0, tensor: "biasSecondMoment", unit: 3 },
    ],
  ];

  it.each(plants)("is %s, where Infinity was planted there", (_, change, expected) => {
    const small = opened(testCase);
    change(small);
    expect(firstSite(small)).toMatchObject(expected);
  });

  it("is none in a step that is finite", () => expect(firstSite(opened(testCase))).toBeUndefined());

  it("goes by row, then tensor, then unit, within a group", () => {
    const group: TraceGroup = {
      phase: "forward",
      timestep: 0,
      layer: 0,
      tensors: [
        { name: "input", columns: 1, values: Float32Array.of(0, Number.NaN) },
        { name: "cell", columns: 2, values: Float32Array.of(0, -Infinity, Infinity, 0) },
      ],
    };
    expect(
      [...nonFiniteSites(group)].map(({ row, tensor, unit, value }) => `${row} ${tensor} ${unit} ${value}`),
    ).toEqual(["0 cell 1 -Infinity", "1 input 0 NaN", "1 cell 0 Infinity"]);
  });
});

function plant(values: Float32Array | undefined, index: number): void {
  if (values === undefined || index >= values.length) throw new Error("planted outside");
  values[index] = Number.POSITIVE_INFINITY;
}
