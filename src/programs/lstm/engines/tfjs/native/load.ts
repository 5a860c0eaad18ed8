import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { UsageError } from "../../../../../documents/errors.ts";
import { INSTALL_NATIVE } from "./install.ts";
import type { NativePackage } from "./locate.ts";
import { restoreRemovedUtil } from "./removedUtil.ts";
import { setTensorFlowDefaults } from "./tensorflowEnvironment.ts";

/** Exports of the packages' entry that are used here. */
interface NativeEntry {
  backend(): { binding: { TF_Version: string }; isUsingGpuDevice: boolean };
}

/** The library and device that a loaded package computes with. */
export interface LoadedNative {
  /** Of TensorFlow's C library. */
  tensorflow: string;
  usesGpu: boolean;
}

/**
 * Loads a native package, so that the tfjs of this process has its backend, under the name `tensorflow`.
 * @throws UsageError when the package is there but does not load: its binding or a library is missing.
 */
export function loadNative(found: NativePackage): LoadedNative {
  setTensorFlowDefaults();
  restoreRemovedUtil();
  try {
    shareTfjs(found);
    const entry = createRequire(import.meta.url)(found.folder) as NativeEntry;
    const { binding, isUsingGpuDevice } = entry.backend();
    return { tensorflow: binding.TF_Version, usesGpu: isUsingGpuDevice };
  } catch (error) {
    const [reason] = String((error as Error)?.message ?? error).split("\n");
    throw new UsageError(
      "NANPROOF_E_ENGINE_BROKEN",
      `engine tfjs-node: ${found.name} ${found.version} in ${found.folder} does not load: ${reason}`,
      `make it anew: ${INSTALL_NATIVE}`,
    );
  }
}

/**
 * Makes the package's `require("@tensorflow/tfjs")` answer with the tfjs that nanproof runs on: a backend that
 * registers itself elsewhere is of no use. Where npm keeps one tfjs for both there is nothing to do; the
 * folder of `npm run native` has stand-ins, which are replaced in require.cache, as Node's documentation of it allows.
 */
function shareTfjs(found: NativePackage): void {
  const ours = createRequire(import.meta.url);
  const theirs = createRequire(join(found.folder, "package.json"));
  const tfjs = ours.resolve("@tensorflow/tfjs");
  const shared = {
    "@tensorflow/tfjs": tfjs,
    "@tensorflow/tfjs-core": createRequire(join(dirname(tfjs), "package.json")).resolve(
      "@tensorflow/tfjs-core",
    ),
  };
  for (const [name, path] of Object.entries(shared)) {
    const own = theirs.resolve(name);
    ours(path);
    if (own !== path) ours.cache[own] = ours.cache[path];
  }
}
