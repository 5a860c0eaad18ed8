import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readFixture, writeFixture } from "../fixtures/store.ts";
import type { TrainingCase } from "../programs/lstm/cases/schema.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { given } from "../programs/lstm/engines/tfjs/testing/plantedCases.ts";
import { oneUnit } from "../programs/lstm/engines/tfjs/testing/smallCase.ts";
import { describeFixture } from "./describe.ts";
import type { Finding } from "./finding.ts";
import { findingOf } from "./pipeline.ts";
import { runToDeath } from "./runToDeath.ts";
import { shrinkFixture } from "./shrinkFixture.ts";

const engine = await openEngine("explorer");

/** Four rows of three timesteps, the last of two; a number that is not finite at one place. */
function spoiled(
  tensor: "x" | "y",
  row: number,
  timestep: number,
  value: "NaN" | "Infinity" = "NaN",
): TrainingCase {
  const numbers = (bad: boolean) =>
    [0, 1, 2, 3].map((r) => [0, 1, 2].map((t) => [bad && r === row && t === timestep ? value : 0.5]));
  return oneUnit({ ...given, x: numbers(tensor === "x"), y: numbers(tensor === "y"), lengths: [3, 3, 3, 2] });
}

async function found(testCase: TrainingCase): Promise<Finding> {
  const { dead } = await runToDeath(engine, testCase, { folder: "." });
  if (dead === null) throw new Error("the case lives");
  const provenance = { nanproof: "0.1.0", preset: "published", data: "test", seed: "1", step: 1 };
  const finding = await findingOf(engine, dead.fatal.step, dead.fatal.death, provenance, []);
  if (finding === null) throw new Error("it does not die by itself");
  return finding;
}

it.each([
  ["an input", spoiled("x", 2, 1), "forward/non-finite-input/tanh", { tensor: "input", row: 2, timestep: 1 }],
  [
    "a target",
    spoiled("y", 1, 2),
    "normalise/non-finite-target/tanh",
    { tensor: "target", row: 1, timestep: 2 },
  ],
  [
    "padding",
    spoiled("x", 3, 2),
    "forward/non-finite-padding/tanh",
    { tensor: "input", row: 3, timestep: 2 },
  ],
  [
    "a padded target",
    spoiled("y", 3, 2),
    "normalise/non-finite-padding/tanh",
    { tensor: "target", row: 3, timestep: 2 },
  ],
])(
  "%s that is not finite is named by its place in the captured batch, however small the step is made",
  async (_, testCase, signature, at) => {
    const { fixture } = await found(testCase);
    expect(fixture.expected).toMatchObject({ signature, site: { row: 0, timestep: 0 } });
    expect(fixture.size).toMatchObject({ rows: 1, time: 1 });
    expect(fixture.provenance.place).toEqual({ ...at, column: 0 });
    expect(fixture.sentence).toContain(
      `the ${at.tensor} of row ${at.row}, timestep ${at.timestep}, column 0`,
    );
  },
);

it("two places are two fixtures, and one place is one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nanproof-place-"));
  const [first, second, again] = [
    await found(spoiled("x", 2, 1)),
    await found(spoiled("x", 0, 1)),
    await found(spoiled("x", 2, 1)),
  ];
  expect(first.fixture.case).toEqual(second.fixture.case);
  for (const { fixture } of [first, second, again]) writeFixture(folder, fixture);
  expect(readdirSync(folder)).toHaveLength(2);
});

it("the place stays what it was when the fixture is described or shrunk again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nanproof-place-"));
  const { fixture } = await found(spoiled("x", 2, 1));
  const stored = readFixture(writeFixture(folder, fixture));
  expect((await describeFixture(stored, engine))?.sentence).toBe(fixture.sentence);
  const shrunk = await shrinkFixture(stored, engine, async () => [], {});
  if (shrunk.status !== "shrunk") throw new Error("it diverged");
  expect(shrunk.finding.fixture).toMatchObject({
    sentence: fixture.sentence,
    provenance: { place: { row: 2 } },
  });
});

it("a fixture whose case lives on a host is not described", async () => {
  const { fixture } = await found(spoiled("x", 2, 1));
  const stored = readFixture(writeFixture(mkdtempSync(join(tmpdir(), "nanproof-place-")), fixture));
  expect(
    await describeFixture(
      { ...stored, fixture: { ...stored.fixture, case: oneUnit({ ...given, x: [[[0.5]]] }) } },
      engine,
    ),
  ).toBeNull();
});

it("a death of something else has none", async () => {
  const { fixture } = await found(
    oneUnit({
      ...given,
      kernel: [
        [0, 3e38, 0, 0],
        [0, 0, 0, 0],
      ],
      activation: "relu",
      x: [[[9]]],
    }),
  );
  expect(fixture.provenance.place).toBeUndefined();
});
