import { loadedEngine } from "../client/tfjs/engine.ts";
import { HostedError } from "./errors.ts";

/** Bytes that a program's arrays may take: past it, machines begin to swap or to kill. */
export const MEMORY_LIMIT = 2 * 2 ** 30;

/** Bytes of tensors that are made between two looks at the memory. */
const STRIDE = 64 * 2 ** 20;

/** Throws, in the line that makes one tensor too many, when a program's arrays take more than the limit. */
export function guardMemory(limit: number): void {
  const tf = loadedEngine();
  if (tf === null) return;
  const track = tf.trackTensor;
  let looked = 0;
  tf.trackTensor = function (this: typeof tf, ...given) {
    track.apply(this, given);
    if (Math.abs(this.state.numBytes - looked) < STRIDE) return;
    looked = this.state.numBytes;
    const taken = process.memoryUsage().arrayBuffers;
    if (taken > limit)
      throw new HostedError(
        "program",
        `the program's tensors take ${(taken / 2 ** 30).toFixed(1)} GiB; a case may take ${(limit / 2 ** 30).toFixed(1)}. ` +
          "Dispose of tensors (tf.tidy), or make the model smaller",
      );
  };
}
