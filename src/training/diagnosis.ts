import type { Batch } from "../cases/batch.ts";
import type { Activation, TrainingCase } from "../cases/schema.ts";
import { type Mechanism, mechanismOf } from "./mechanism.ts";
import { nonFiniteSites, type Site } from "./site.ts";
import type { TraceGroup } from "./trace.ts";

/** How an overflow turned into NaN: three endings of one mechanism, no part of the signature. */
export type Ending = "pre-activation" | "closed-gate" | "saturated" | "other";

/** What a fatal step died of. */
export interface Diagnosis {
  /** `phase/mechanism/activation of the growing layer`: what makes two failures the same bug. */
  signature: string;
  mechanism: Mechanism;
  /** The first non-finite value in canonical order. */
  site: Site;
  /** The first NaN, where the step makes one. */
  firstNaN: Site | null;
  /** The operation that made the first NaN, or the first non-finite value where there is none. */
  operation: string;
  ending: Ending;
}

/**
 * Goes over the trace of a fatal step until the first non-finite value and the first NaN are found.
 * @returns Null when every value of the trace is finite.
 */
export function diagnose(
  testCase: TrainingCase,
  batch: Batch,
  trace: Iterable<TraceGroup>,
): Diagnosis | null {
  const seen = new RowHistory(testCase, batch);
  let found: Pick<Diagnosis, "signature" | "mechanism" | "site"> | undefined;
  for (const group of trace) {
    for (const site of nonFiniteSites(group)) {
      found ??= describe(testCase, site, seen.around(site, group));
      if (site.value === "NaN") return { ...found, firstNaN: site, ...endingOf(found.site, site) };
    }
    if (found === undefined) seen.add(group);
  }
  return found === undefined ? null : { ...found, firstNaN: null, operation: "overflow", ending: "other" };
}

function describe(testCase: TrainingCase, site: Site, around: ReturnType<RowHistory["around"]>) {
  const mechanism = mechanismOf(site, around);
  const activation: Activation = testCase.model.layers[around.growingLayer]?.activation ?? "linear";
  return { signature: `${site.phase}/${mechanism}/${activation}`, mechanism, site };
}

function endingOf(first: Site, nan: Site): { operation: string; ending: Ending } {
  if (first.phase === "forward" && nan.phase === "backward")
    return { operation: "0 * inf", ending: "saturated" };
  if (nan.phase === "forward" && nan.tensor === "preActivation")
    return { operation: "inf - inf", ending: "pre-activation" };
  if (nan.phase === "forward" && nan.timestep !== null && nan.tensor !== "input")
    return { operation: "0 * inf", ending: "closed-gate" };
  if (nan.phase === "normalise" && first.phase === "normalise")
    return { operation: "0 / 0", ending: "other" };
  return { operation: "an operation on a non-finite value", ending: "other" };
}

/** What each row went through before the first non-finite value. */
class RowHistory {
  readonly #case: TrainingCase;
  readonly #batch: Batch;
  readonly #largestInput: number[];
  /** [row][layer] */
  readonly #largestState: number[][];
  readonly #largestCell: number[];
  readonly #zeroNorm: boolean[];

  constructor(testCase: TrainingCase, batch: Batch) {
    this.#case = testCase;
    this.#batch = batch;
    this.#largestInput = new Array(batch.rows).fill(0);
    this.#largestState = Array.from({ length: batch.rows }, () => testCase.model.layers.map(() => 0));
    this.#largestCell = testCase.model.layers.map(() => 0);
    this.#zeroNorm = [];
  }

  add(group: TraceGroup): void {
    this.#see(group, this.#batch.rows);
  }

  /** What is known at a site: all earlier groups, and the present one up to the site's row. */
  around(site: Site, group: TraceGroup) {
    if (group.timestep !== null) this.#see(group, site.row + 1);
    const row = this.#largestState[site.row] ?? [];
    const perLayer = site.phase === "forward" && site.timestep !== null ? row : this.#largestCell;
    const top = this.#case.model.layers.length - 1;
    const zeroNorm = site.timestep !== null && this.#isZeroNorm(site);
    return {
      rowLength: this.#batch.lengths[site.row] ?? 0,
      largestInput: this.#largestInput[site.row] ?? 0,
      largestState: Math.max(0, ...row),
      zeroNorm,
      growingLayer: zeroNorm || site.tensor === "target" ? top : largestIndex(perLayer),
    };
  }

  /** Takes in the finite values of the first `rows` rows. */
  #see(group: TraceGroup, rows: number): void {
    for (const { name, columns, values } of group.tensors)
      for (let row = 0; row < rows; row++) {
        const largest = largestFinite(values.subarray(row * columns, (row + 1) * columns));
        const states = this.#largestState[row];
        if (name === "input" && group.layer === 0)
          this.#largestInput[row] = Math.max(this.#largestInput[row] ?? 0, largest);
        if ((name === "cell" || name === "hidden") && group.layer !== null && states)
          states[group.layer] = Math.max(states[group.layer] ?? 0, largest);
        if (name === "cell" && group.layer !== null)
          this.#largestCell[group.layer] = Math.max(this.#largestCell[group.layer] ?? 0, largest);
        if (name === "targetSumOfSquares" || name === "outputSumOfSquares") {
          const index = (group.timestep ?? 0) * this.#batch.rows + row;
          this.#zeroNorm[index] = (this.#zeroNorm[index] ?? false) || values[row * columns] === 0;
        }
      }
  }

  #isZeroNorm(site: Site): boolean {
    return this.#zeroNorm[(site.timestep ?? 0) * this.#batch.rows + site.row] ?? false;
  }
}

function largestFinite(values: Float32Array): number {
  let largest = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (magnitude > largest && magnitude !== Number.POSITIVE_INFINITY) largest = magnitude;
  }
  return largest;
}

function largestIndex(values: number[]): number {
  return values.indexOf(Math.max(...values));
}
