import type { ModelSpec } from "../../cases/schema.ts";
import { layerShapes } from "../../cases/shapes.ts";
import type { Address } from "./kernels.ts";
import { LAYER_FIELDS, PLAN_FIELDS } from "./planFields.ts";

/** Largest arena, 2 GiB less a page: addresses and sizes stay positive 32-bit integers. */
export const ARENA_BOUND = 2 ** 31 - 2 ** 16;

/** Largest batch that an arena has room for. */
export interface Capacity {
  /** Timesteps of all rows together, discarded steps included. */
  packed: number;
  rows: number;
  /** Padded width. */
  time: number;
  /** rows x time. */
  entries: number;
}

/** The smallest capacity that holds both. */
export function largerCapacity(a: Capacity, b: Capacity): Capacity {
  return {
    packed: Math.max(a.packed, b.packed),
    rows: Math.max(a.rows, b.rows),
    time: Math.max(a.time, b.time),
    entries: Math.max(a.entries, b.entries),
  };
}

/** Two copies of a parameter array: the state before a step and after it. */
export type Pair = readonly [Address, Address];

/** Addresses of a layer's parameters, gradient, mask and maxima; parameters and gradient are [4 unitPanels][weightRows][8]. */
export interface ParameterAddresses {
  weights: Pair;
  firstMoment: Pair;
  secondMoment: Pair;
  gradient: Address;
  transposed: Address;
  mask: Address;
  cellMaxima: Address;
  hiddenMaxima: Address;
  weightMaxima: Address;
}

/** The part of the arena that the model and the optimizer fix. */
export interface FixedLayout {
  plan: Address;
  layers: Address;
  ones: Address;
  zeros: Address;
  inputMask: Address;
  results: Address;
  /** The measurements of native code; see {@link measuresBytes}. */
  measures: Address;
  /** Three rows of as many panels as the top layer has, for odd jobs; 32 bytes from panel to panel. */
  scratch: readonly [Address, Address, Address];
  parameters: ParameterAddresses[];
  end: Address;
}

/** Addresses of the activations of one layer: packed arrays, and two by rank (the carries). */
interface LayerActivations {
  input: Address;
  hiddenPrevious: Address;
  hidden: Address;
  gates: Address;
  cell: Address;
  cellPrevious: Address;
  cellActivated: Address;
  hiddenGradient: Address;
  hiddenCarry: Address;
  cellCarry: Address;
}

/** The part of the arena that depends on the batch, after the fixed part. */
export interface BatchLayout {
  /** Bytes from panel to panel of packed arrays, and of arrays by rank. */
  stride: number;
  carryStride: number;
  active: Address;
  real: Address;
  offset: Address;
  rowOfRank: Address;
  lengthOfRank: Address;
  x: Address;
  y: Address;
  target: Address;
  dots: Address;
  layers: LayerActivations[];
  end: Address;
}

/** Panels of 8 columns that a width takes. */
export function panelsOf(width: number): number {
  return (width + 7) >> 3;
}

/** Hands out addresses one after the other, each at a cache line. */
class Cursor {
  next: Address;

  constructor(start: Address) {
    this.next = start;
  }

  take(bytes: number): Address {
    const at = Math.ceil(this.next / 64) * 64;
    this.next = at + bytes;
    return at;
  }
}

/**
 * Lays out the structs, masks, results and parameters.
 * @param hasMoments Whether the optimizer keeps moments; their addresses are 0 when not.
 */
export function fixedLayout(model: ModelSpec, hasMoments: boolean, start: Address): FixedLayout {
  const cursor = new Cursor(start);
  const shapes = layerShapes(model);
  const topPanels = panelsOf(shapes.at(-1)?.units ?? 0);
  const plan = cursor.take(4 * PLAN_FIELDS.length);
  const layers = cursor.take(4 * LAYER_FIELDS.length * shapes.length);
  const ones = cursor.take(32);
  const zeros = cursor.take(128);
  const inputMask = cursor.take(32);
  const results = cursor.take(64 + 8 * shapes.length);
  const measures = cursor.take(measuresBytes(model));
  const row = () => cursor.take(32 * topPanels);
  const scratch = [row(), row(), row()] as const;
  const parameters = shapes.map(({ inputs, units }) => {
    const array = 32 * (inputs + units + 1) * 4 * panelsOf(units);
    const pair = (present: boolean): Pair => [
      present ? cursor.take(array) : 0,
      present ? cursor.take(array) : 0,
    ];
    return {
      weights: pair(true),
      firstMoment: pair(hasMoments),
      secondMoment: pair(hasMoments),
      gradient: cursor.take(array),
      transposed: cursor.take(32 * (panelsOf(inputs) + panelsOf(units)) * 32 * panelsOf(units)),
      mask: cursor.take(32),
      cellMaxima: cursor.take(16),
      hiddenMaxima: cursor.take(16),
      weightMaxima: cursor.take(16),
    };
  });
  return { plan, layers, ones, zeros, inputMask, results, measures, scratch, parameters, end: cursor.next };
}

/** Bytes of what native code measures of a layer at a time: 16 lanes of bits, and a float64 for each panel of the widest. */
export function measuresBytes(model: ModelSpec): number {
  return 64 + 32 * Math.max(...model.layers.map(({ units }) => panelsOf(units)));
}

/** Lays out everything whose size depends on the batch. */
export function batchLayout(model: ModelSpec, capacity: Capacity, start: Address): BatchLayout {
  const cursor = new Cursor(start);
  const shapes = layerShapes(model);
  const targets = shapes.at(-1)?.units ?? 0;
  // An odd number of cache lines from panel to panel: a power of two would put them all into one cache set.
  const stride = 32 * (4 * Math.ceil(capacity.packed / 4) + 2);
  const carryStride = 32 * (4 * Math.ceil(capacity.rows / 4) + 2);
  const packed = (width: number) => cursor.take(stride * panelsOf(width));
  const table = (length: number) => cursor.take(4 * (length + 1));
  const active = table(capacity.time);
  const real = table(capacity.time);
  const offset = table(capacity.time);
  const rowOfRank = table(capacity.rows);
  const lengthOfRank = table(capacity.rows);
  // Vector loads may reach past the last number.
  const x = cursor.take(4 * capacity.entries * model.inputs + 32);
  const y = cursor.take(4 * capacity.entries * targets + 32);
  const target = packed(targets);
  const dots = cursor.take(carryStride * panelsOf(targets));
  const inputs = [model.inputs, ...shapes.map(({ units }) => units)].map(packed);
  const layers = shapes.map(({ units }, l) => ({
    input: inputs[l] ?? 0,
    hidden: inputs[l + 1] ?? 0,
    hiddenPrevious: packed(units),
    gates: packed(32 * panelsOf(units)),
    cell: packed(units),
    cellPrevious: packed(units),
    cellActivated: packed(units),
    hiddenGradient: packed(units),
    hiddenCarry: cursor.take(carryStride * panelsOf(units)),
    cellCarry: cursor.take(carryStride * panelsOf(units)),
  }));
  // The register tile reads up to three rows past the last.
  return {
    stride,
    carryStride,
    active,
    real,
    offset,
    rowOfRank,
    lengthOfRank,
    x,
    y,
    target,
    dots,
    layers,
    end: cursor.next + 128,
  };
}
