import { createHash } from "node:crypto";
import { UsageError } from "../../../documents/errors.ts";
import { type Part, partNumbers, release, type Snapshot, type StateSource } from "./parts.ts";

/** The whole state of a training: it can be taken, and put back to the bit. */
export interface State {
  take(): Snapshot;
  /** @throws UsageError when the names or shapes do not fit. */
  restore(snapshot: Snapshot): void;
}

/** A state made of parts of several origins. */
export function stateOf(sources: readonly StateSource[]): State {
  const take = () => new Map(sources.flatMap((source) => source.take()).map((part) => [part.name, part]));
  return {
    take,
    restore(snapshot) {
      const now = take();
      const problem = misfit(now, snapshot, (part) => sources.some((source) => source.accepts(part)));
      release(now.values());
      if (problem !== null)
        throw new UsageError(
          "NANPROOF_E_STATE_DOES_NOT_FIT",
          `the state does not fit this program: ${problem}`,
          "Take the program that the state was saved from, with the same knobs.",
        );
      for (const source of sources) source.restore(snapshot);
    },
  };
}

function misfit(now: Snapshot, snapshot: Snapshot, accepts: (part: Part) => boolean): string | null {
  for (const part of snapshot.values()) {
    const own = now.get(part.name);
    if (own === undefined) {
      if (!accepts(part)) return `it has no ${part.name}`;
    } else if (own.dtype !== part.dtype || own.shape.join() !== part.shape.join())
      return `${part.name} is ${own.dtype} [${own.shape}] in the program and ${part.dtype} [${part.shape}] in the state`;
  }
  for (const { name, role } of now.values())
    if (!snapshot.has(name) && (role === "weight" || role === "counter" || role === "buffer"))
      if (!name.startsWith("buffer/stateful")) return `the state has no ${name}`;
  return null;
}

/** SHA-256 over all parts in the order of their names; every NaN counts as the same. */
export function digestOf(snapshot: Snapshot): string {
  const hash = createHash("sha256");
  for (const name of [...snapshot.keys()].sort()) {
    const part = snapshot.get(name) as Part;
    hash.update(`${name}\0${part.dtype}\0${part.shape.join()}\0`);
    const numbers = partNumbers(part);
    // Whatever bits a NaN has, NaN is written with those of JavaScript's.
    if (numbers instanceof Float32Array || numbers instanceof Float64Array)
      for (let i = 0; i < numbers.length; i++) if (Number.isNaN(numbers[i])) numbers[i] = Number.NaN;
    hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }
  return hash.digest("hex");
}
