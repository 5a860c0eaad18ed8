import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { NATIVE_PACKAGES, nativeFolder, nativeIsMade, VARIANTS, type Variant } from "./nativeFolder.ts";

/** A native package on this machine. */
export interface NativePackage {
  /** @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu. */
  name: string;
  variant: Variant;
  version: string;
  /** The package's folder. */
  folder: string;
  /** True where its native binding is there: an install without its script leaves none. */
  built: boolean;
}

/**
 * The native package that computes for tfjs-node: an installed one before one that was made, one for GPUs
 * before the plain one, and one that is not built only where there is no other.
 */
export function locateNative(): NativePackage | null {
  const found = nativePackages();
  return found.find(({ built }) => built) ?? found[0] ?? null;
}

/** Every native package on this machine, in the order in which they are taken. */
function nativePackages(): NativePackage[] {
  const installed = VARIANTS.map((variant) => packageAt(variant, installedFolder(variant)));
  const made = VARIANTS.filter(nativeIsMade).map(madePackage);
  return [...installed, ...made].filter((found) => found !== null);
}

/** The package that `npm run native` has made of a variant, finished or not. */
export function madePackage(variant: Variant): NativePackage | null {
  return packageAt(variant, join(nativeFolder(variant), "node_modules", NATIVE_PACKAGES[variant]));
}

function installedFolder(variant: Variant): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${NATIVE_PACKAGES[variant]}/package.json`));
  } catch {
    return null;
  }
}

function packageAt(variant: Variant, folder: string | null): NativePackage | null {
  if (folder === null || !existsSync(join(folder, "package.json"))) return null;
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  // The packages ask for the highest Node-API that they know, which is 8 on every supported Node.
  const built = existsSync(join(folder, "lib", "napi-v8", "tfjs_binding.node"));
  return { name: NATIVE_PACKAGES[variant], variant, version, folder, built };
}
