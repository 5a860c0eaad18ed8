import { expect, it } from "vitest";
import { nearest } from "./nearest.ts";

const names = ["train", "hunt", "replay", "gate", "shrink", "compare"];

it.each([
  ["train", "train"],
  ["trian", "train"],
  ["trin", "train"],
  ["trainn", "train"],
  ["replya", "replay"],
  ["shirnk", "shrink"],
  ["compair", "compare"],
  ["gaet", "gate"],
  ["hnut", "hunt"],
])("%s is near %s", (typed, name) => expect(nearest(typed, names)).toBe(name));

it.each(["", "x", "banana", "gym", "replay.json", "t".repeat(10_000)])("%s is near none", (typed) =>
  expect(nearest(typed, names)).toBeUndefined(),
);
