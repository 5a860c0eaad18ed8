import { createHash } from "node:crypto";
import type { NamedArrays } from "./session.ts";
import { recordNumbers, type StepRecord } from "./stepRecord.ts";

const CANONICAL_NAN = 0x7fc00000;

/**
 * The digest of a run, one sha-256: the float32 bits (little-endian, NaN made canonical) of every
 * StepRecord's numbers in order, then of the state's arrays before the last step and after it.
 * Dead weights alone would be the same for every death.
 */
export class RunDigest {
  readonly #hash = createHash("sha256");

  /** Adds the record of one step. */
  add(record: StepRecord): void {
    this.#numbers(Float32Array.from(recordNumbers(record)));
  }

  /** Closes the digest with the state before the last step run and after it; lower-case hex. */
  close(before: NamedArrays, after: NamedArrays): string {
    for (const state of [before, after]) for (const [, values] of state) this.#numbers(values);
    return this.#hash.digest("hex");
  }

  #numbers(values: Float32Array): void {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, i) => {
      if (Number.isNaN(value)) view.setUint32(4 * i, CANONICAL_NAN, true);
      else view.setFloat32(4 * i, value, true);
    });
    this.#hash.update(new Uint8Array(view.buffer));
  }
}
