import { describe, expect, it } from "vitest";
import type { UsageError } from "../../documents/errors.ts";
import { choice, integer, lengths, logUniform, uniform } from "./knobs.ts";
import { isProgram, program } from "./program.ts";

describe("knobs", () => {
  it("are JSON, with the default of a plain run filled in", () => {
    const knobs = [
      integer(1, 32),
      integer(1, 32, { default: 8 }),
      uniform(0.5, 1.5),
      logUniform(1e-4, 1),
      choice(["before", "after"]),
      choice([1, 2], { default: 2 }),
      choice([false, true], { default: false }),
      lengths({ rows: [1, 3], time: [0, 5] }),
      lengths({ rows: [1, 3], time: [0, 5], default: [5, 0] }),
    ];
    expect(JSON.parse(JSON.stringify(knobs))).toEqual([
      { kind: "integer", min: 1, max: 32, default: 1 },
      { kind: "integer", min: 1, max: 32, default: 8 },
      { kind: "uniform", min: 0.5, max: 1.5, default: 1 },
      { kind: "logUniform", min: 1e-4, max: 1, default: 0.01 },
      { kind: "choice", choices: ["before", "after"], default: "before" },
      { kind: "choice", choices: [1, 2], default: 2 },
      { kind: "choice", choices: [false, true], default: false },
      { kind: "lengths", rows: [1, 3], time: [0, 5], default: [5, 5, 5] },
      { kind: "lengths", rows: [1, 3], time: [0, 5], default: [5, 0] },
    ]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["integer(2, 1)", () => integer(2, 1), /from 2 to 1 is no range/],
    ["integer(0.5, 1)", () => integer(0.5, 1), /from 0.5 to 1/],
    ["integer(0, 2 ** 53)", () => integer(0, 2 ** 53), /is no range/],
    ["a default past the end", () => integer(1, 2, { default: 3 }), /default 3: not from 1 to 2/],
    ["a default between whole numbers", () => integer(1, 2, { default: 1.5 }), /no whole number/],
    ["uniform with NaN", () => uniform(Number.NaN, 1), /from NaN to 1/],
    ["logUniform from 0", () => logUniform(0, 1), /from 0 to 1/],
    ["choice of nothing", () => choice([]), /choice\(\[\]\)/],
    ["choice of objects", () => choice([{}] as never), /no list of strings/],
    ["choice with a default that is none", () => choice(["a"], { default: "b" as never }), /none of \["a"\]/],
    ["lengths without rows", () => lengths({ time: [1, 2] } as never), /rows: undefined/],
    ["lengths of nothing", () => lengths(undefined as never), /rows: undefined/],
    ["lengths of no rows", () => lengths({ rows: [0, 2], time: [1, 2] }), /rows from 0 to 2/],
    [
      "a default with too many rows",
      () => lengths({ rows: [1, 2], time: [1, 2], default: [1, 1, 1] }),
      /has 3 rows/,
    ],
    [
      "a default that is too long",
      () => lengths({ rows: [1, 2], time: [1, 2], default: [3] }),
      /3 is not from 1 to 2/,
    ],
  ])("refuse %s", (_, make, message) => {
    expect(make).toThrow(message);
    try {
      make();
    } catch (error) {
      expect((error as UsageError).code).toBe("NANPROOF_E_KNOB");
      expect((error as UsageError).hint.length).toBeGreaterThan(10);
    }
  });
});

describe("program", () => {
  const train = () => undefined;

  it("is known by what it exports", () => {
    const made = program({ knobs: { units: integer(1, 2) }, steps: 3, train });
    expect(isProgram(made)).toBe(true);
    expect(isProgram({ ...made })).toBe(false);
    expect(made).toMatchObject({ steps: 3, invariants: [], knobs: { units: { kind: "integer" } } });
  });

  it("hands train what it is given, and watch", () => {
    let seen: object = {};
    const made = program({ knobs: { units: integer(1, 2) }, steps: 3, train: (given) => (seen = given) });
    made.train({ knobs: { units: 2 } as never, seed: 5, random: () => 0.5, steps: 3 });
    expect(seen).toMatchObject({ knobs: { units: 2 }, seed: 5, steps: 3, watch: expect.any(Function) });
  });

  it.each<[string, object, RegExp]>([
    ["steps", { steps: 0, train }, /steps: 0/],
    ["no steps", { train }, /steps: undefined/],
    ["no train", { steps: 3 }, /train: undefined/],
    [
      "a knob that is none",
      { steps: 3, train, knobs: { a: { kind: "integer", min: 1, max: 2 } } },
      /knob a is/,
    ],
    ["a knob's name", { steps: 3, train, knobs: { "a b": integer(1, 2) } }, /"a b" is no name/],
    ["invariants", { steps: 3, train, invariants: [{ name: "x" }] }, /no invariant/],
  ])("refuses %s", (_, definition, message) => {
    expect(() => program(definition as never)).toThrow(message);
  });
});
