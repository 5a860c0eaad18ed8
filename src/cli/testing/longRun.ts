import type { LstmFixture as Fixture } from "../../library/lstmFixture.ts";

/** A fixture of one unit that expects its death after so many steps, where it never comes: its cell is kept within bounds. */
export function longRun(fixture: Fixture, steps: number): Fixture {
  const { case: testCase, expected, provenance } = fixture;
  const layers = testCase.model.layers.map((layer) => ({ ...layer, activation: "tanh" as const }));
  return {
    ...fixture,
    grade: "run",
    case: { ...testCase, model: { ...testCase.model, layers }, steps },
    expected: { ...expected, step: steps },
    provenance: { ...provenance, step: steps },
  };
}

/** A fixture whose one step takes many seconds. */
export function longStep(fixture: Fixture): Fixture {
  const row = { length: 64, padding: "after" as const, holes: [], zeroTargets: [] };
  const rows = Array.from({ length: 512 }, () => row);
  return {
    ...fixture,
    grade: "run",
    case: {
      ...fixture.case,
      model: { ...fixture.case.model, inputs: 512, layers: [{ units: 512, activation: "relu" }] },
      init: { kind: "glorot", seed: "1", scale: 1 },
      data: { kind: "synthetic", seed: "1", inputScale: 1, masked: true, batches: [{ time: 64, rows }] },
      steps: 1,
    },
  };
}
