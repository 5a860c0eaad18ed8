import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The release of @tensorflow/tfjs-node and tfjs-node-gpu that `npm run native` makes: that of @tensorflow/tfjs here. */
export const TFJS_NODE_VERSION = "4.22.0";

/** One of the two packages: the plain one, or the one that finds a GPU where CUDA is there. */
export type Variant = "cpu" | "gpu";

/** Both, the one that can use a GPU first: without one it computes on the processor. */
export const VARIANTS: readonly Variant[] = ["gpu", "cpu"];

/** The npm package of a variant. */
export const NATIVE_PACKAGES: Readonly<Record<Variant, string>> = {
  cpu: "@tensorflow/tfjs-node",
  gpu: "@tensorflow/tfjs-node-gpu",
};

/** The file that is written last of all: a folder without it is not finished, and its package is not used. */
export const MADE_MARKER = "lane.json";

/**
 * The folder in which `npm run native` builds a variant: `$XDG_CACHE_HOME/nanproof/native/<version>-<variant>-<platform>-<arch>`,
 * XDG_CACHE_HOME being ~/.cache where it is not set. The binding is built on Node-API 8, whose binary
 * interface every supported Node has, so one folder serves them all.
 */
export function nativeFolder(variant: Variant): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(
    cache,
    "nanproof",
    "native",
    `${TFJS_NODE_VERSION}-${variant}-${process.platform}-${process.arch}`,
  );
}

/** True where a variant was made to the end. */
export function nativeIsMade(variant: Variant): boolean {
  return existsSync(join(nativeFolder(variant), MADE_MARKER));
}
