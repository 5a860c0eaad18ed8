import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, it } from "vitest";
import type { Part } from "../client/tfjs/parts.ts";
import { type SeededRandom, seedRandom } from "./randomState.ts";

const random = Math.random;
let opened: SeededRandom | null = null;

function open(seed: number): SeededRandom {
  opened = seedRandom(seed);
  return opened;
}

const draws = () => [Math.random(), Math.random(), opened?.random(), tf.util.now(), tf.util.now()];
const snapshot = (parts: Part[]) => new Map(parts.map((part) => [part.name, part]));

afterEach(() => opened?.restore());

describe("what a program draws from", () => {
  it("is given back", () => {
    open(1).restore();
    expect(Math.random).toBe(random);
    expect(Object.hasOwn(tf.env().platform, "now")).toBe(false);
  });

  it("depends on the seed alone", () => {
    const streams = open(7);
    const first = draws();
    streams.seed(8);
    expect(draws()).not.toEqual(first);
    streams.seed(7);
    expect(draws()).toEqual(first);
    streams.rewind();
    expect(draws()).toEqual(first);
  });

  it("goes on from a saved position", () => {
    const { source } = open(7);
    draws();
    const saved = snapshot(source.take());
    const wentOn = draws();
    source.restore(saved);
    expect(draws()).toEqual(wentOn);
  });

  it("stands at the seed again after a state without a position", () => {
    const { source } = open(7);
    const first = draws();
    source.restore(new Map());
    expect(draws()).toEqual(first);
  });

  it("is what tensorflow.js takes its own seeds from", () => {
    const streams = open(7);
    const dropped = () => [...tf.dropout(tf.ones([32]), 0.5).dataSync()];
    const first = dropped();
    expect(dropped()).not.toEqual(first);
    streams.seed(7);
    expect(dropped()).toEqual(first);
  });
});
