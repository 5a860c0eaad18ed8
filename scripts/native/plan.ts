import { join } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../../src/documents/errors.ts";
import {
  NATIVE_PACKAGES,
  nativeFolder,
  type Variant,
} from "../../src/programs/lstm/engines/tfjs/native/nativeFolder.ts";
import { CUDA, RELEASES, type Release } from "./releases.ts";

/** The engine to make, and the folders to make it in. */
export interface Plan {
  variant: Variant;
  withCuda: boolean;
  release: Release;
  /** The folder of the variant. */
  folder: string;
  /** The folder of the npm package in it. */
  packageFolder: string;
  /** The folder of the wheels until they are unpacked. */
  wheels: string;
  /** MB to fetch and MB of disk, wheels beside what is unpacked from them. */
  megabytes: { download: number; disk: number };
}

/** The flags of `npm run native`, as a text. */
export const USAGE = `npm run native [-- --products | --gpu [--with-cuda]]

Makes the native engine, tfjs-node, from npm and PyPI alone, in a cache that npm ci leaves alone; or, with --products, the
explorer's matrix products as native code.

  --products   compiles the explorer's products with this machine's cc or clang (CC names another); fetches nothing
  --gpu        @tensorflow/tfjs-node-gpu; computes on the processor where no GPU is found
  --with-cuda  with --gpu: CUDA 12.2 and cuDNN 8.9 too, from the wheels that tensorflow[and-cuda] names
  --help       this text`;

/**
 * Reads whether the command line asks for the explorer's products and for no engine.
 * @throws UsageError on a flag that there is not, and on flags that do not go together.
 */
export function asksForProducts(args: string[]): boolean {
  const { gpu = false, "with-cuda": withCuda = false, products = false, help = false } = flagsOf(args);
  if (!products || help) return false;
  if (!gpu && !withCuda) return true;
  throw new UsageError(
    "NANPROOF_E_USAGE",
    `--products is given with ${gpu ? "--gpu" : "--with-cuda"}`,
    "run it twice, once with each: they make two things",
  );
}

/**
 * Reads the command line where it asks for an engine.
 * @returns Null when only help is asked for.
 * @throws UsageError on a flag that there is not.
 */
export function planFrom(args: string[]): Plan | null {
  const { gpu = false, "with-cuda": withCuda = false, help = false } = flagsOf(args);
  if (help) return null;
  if (withCuda && !gpu)
    throw new UsageError("NANPROOF_E_USAGE", "--with-cuda is given without --gpu", "give --gpu as well");
  const variant = gpu ? "gpu" : "cpu";
  const release = RELEASES[variant];
  const folder = nativeFolder(variant);
  const cuda = withCuda ? CUDA.wheels.reduce((sum, { megabytes }) => sum + megabytes, 0) : 0;
  const download = release.tensorflow.megabytes + cuda;
  return {
    variant,
    withCuda,
    release,
    folder,
    packageFolder: join(folder, "node_modules", NATIVE_PACKAGES[variant]),
    wheels: join(folder, "wheels"),
    megabytes: { download, disk: download + release.unpacked + (withCuda ? CUDA.unpacked : 0) },
  };
}

function flagsOf(args: string[]) {
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({ args, options: { gpu: flag, "with-cuda": flag, products: flag, help: flag } }).values;
  } catch (error) {
    throw new UsageError("NANPROOF_E_USAGE", (error as Error).message.split(".")[0] ?? "", USAGE);
  }
}
