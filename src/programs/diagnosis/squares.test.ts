import { expect, it } from "vitest";
import { isSquare } from "./squares.ts";
import { HandMade, type Made } from "./testing/handMade.ts";

function isSquareWhere(operation: string, inputs: (x: Made, y: Made) => Made[]): boolean {
  const t = new HandMade();
  t.run(operation, inputs(t.given("weight/x", [3]), t.given("weight/y", [2])), [9]);
  const [made] = t.trace({}).operations;
  return made !== undefined && isSquare(made);
}

it.each([
  ["a square", "aten.square", (x: Made) => [x], true],
  ["a product with itself", "aten.mul", (x: Made) => [x, x], true],
  ["a product with itself, added to something", "aten.addcmul", (x: Made, y: Made) => [y, x, x], true],
  ["a power of 2", "aten.pow", (x: Made, y: Made) => [x, y], true],
  ["a power of 3", "aten.pow", (x: Made) => [x, x], false],
  ["a product of two", "aten.mul", (x: Made, y: Made) => [x, y], false],
  ["a product whose inputs the trace does not list", "aten.mul", () => [], false],
  ["a product of which the trace lists one input", "aten.mul", (x: Made) => [x], false],
  ["a sum with itself", "aten.add", (x: Made) => [x, x], false],
])("%s: %s", (_, operation, inputs, expected) => {
  expect(isSquareWhere(operation, inputs)).toBe(expected);
});
