import { UsageError } from "../../../../../documents/errors.ts";
import { INSTALL_NATIVE } from "./install.ts";
import { loadNative } from "./load.ts";
import { locateNative } from "./locate.ts";
import { threadsWithinAnOperation } from "./tensorflowEnvironment.ts";

/**
 * Loads the native package of this machine.
 * @returns Versions of what computes, and the number of threads, since it has a part in the bits.
 * @throws UsageError when there is none, or it does not load.
 */
export function loadTensorFlow(): string[] {
  const found = locateNative();
  if (found === null)
    throw new UsageError(
      "NANPROOF_E_ENGINE_MISSING",
      "engine tfjs-node is not installed: neither @tensorflow/tfjs-node nor @tensorflow/tfjs-node-gpu is beside nanproof or in its cache",
      `add it: ${INSTALL_NATIVE}`,
    );
  const { tensorflow, usesGpu } = loadNative(found);
  const package_ = `${found.name.replace("@tensorflow/", "")} ${found.version}`;
  const device = usesGpu ? "GPU" : `threads ${threadsWithinAnOperation()}`;
  return [package_, `TensorFlow ${tensorflow}`, device];
}
