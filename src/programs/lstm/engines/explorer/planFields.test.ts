import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ACTIVATIONS } from "../../cases/activations.ts";
import { CODES } from "./planFields.ts";
import { planFieldsSource } from "./testing/planFieldsSource.ts";

test("planFields.ts is what scripts/plan-fields.ts makes of the kernels", () => {
  expect(readFileSync("src/programs/lstm/engines/explorer/planFields.ts", "utf8")).toBe(planFieldsSource());
});

test("an activation's code in the kernels is its position in the table of activations", () => {
  expect(CODES.activation).toEqual(Object.fromEntries(ACTIVATIONS.map((name, code) => [name, code])));
});
