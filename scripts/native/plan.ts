import { join } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../../src/documents/errors.ts";
import {
  laneFolder,
  NATIVE_PACKAGES,
  type Variant,
} from "../../src/programs/lstm/engines/tfjs/native/lane.ts";
import { CUDA, RELEASES, type Release } from "./releases.ts";

/** What is to be made, and where. */
export interface Plan {
  variant: Variant;
  withCuda: boolean;
  release: Release;
  /** The lane's folder. */
  folder: string;
  /** The folder of the npm package in it. */
  packageFolder: string;
  /** Where wheels stand until they are unpacked. */
  wheels: string;
  /** MB to fetch and MB of disk, wheels beside what is unpacked from them. */
  megabytes: { download: number; disk: number };
}

/** The flags of `npm run native`, as a text. */
export const USAGE = `npm run native [-- --gpu [--with-cuda]]

Makes the native engine, tfjs-node, from npm and PyPI alone, in a cache that npm ci leaves alone.

  --gpu        @tensorflow/tfjs-node-gpu; computes on the processor where no GPU is found
  --with-cuda  with --gpu: CUDA 12.2 and cuDNN 8.9 too, from the wheels that tensorflow[and-cuda] names
  --help       this text`;

/**
 * Reads the command line.
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
  const folder = laneFolder(variant);
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

function flagsOf(args: string[]): { gpu?: boolean; "with-cuda"?: boolean; help?: boolean } {
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({ args, options: { gpu: flag, "with-cuda": flag, help: flag } }).values;
  } catch (error) {
    throw new UsageError("NANPROOF_E_USAGE", (error as Error).message.split(".")[0] ?? "", USAGE);
  }
}
