import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { packageFile } from "../../../../../package.ts";

/** As VERSION in ../native/products.c: a library of another version is not used. */
const LIBRARY_VERSION = 2;

/** Path of the library that `npm run native -- --products` makes, and of a packed one: one folder a platform. */
export const LIBRARY = `prebuilds/${process.platform}-${process.arch}/products.node`;

/** Functions that one instance of the kernels calls, all but `attach` from WebAssembly; see ../native/products.c. */
export interface ProductFunctions {
  /** Says where the memory lies and what is in it: at first, and after every change of either. */
  attach(memory: ArrayBuffer, table: Int32Array): void;
  input(...rows: number[]): void;
  recurrent(...rows: number[]): void;
  inputGradient(...rows: number[]): void;
  hiddenGradient(...rows: number[]): void;
  weightGradient(...rows: number[]): void;
  transpose(...which: number[]): void;
  update(...which: number[]): void;
}

/** Exports of the library. */
interface Library {
  version: number;
  /** The widths of vectors that this processor has, narrowest first, by their names. */
  widths: Readonly<Record<string, number>>;
  /** The one of them that is fastest here. */
  fastest: number;
  open(width: number): ProductFunctions;
}

/** The library of this machine, or in a word why there is none. */
export type FoundLibrary =
  | { found: true; library: Library }
  | { found: false; reason: "not built" | "stale" | "does not load"; detail: string };

/**
 * Looks for the library and loads it.
 * @param file Where it is; that of this package by default.
 */
export function findLibrary(file: URL = packageFile(LIBRARY)): FoundLibrary {
  if (!existsSync(file)) return { found: false, reason: "not built", detail: "" };
  try {
    const library = createRequire(import.meta.url)(fileURLToPath(file)) as Library;
    if (library.version === LIBRARY_VERSION) return { found: true, library };
    const detail = `it is of version ${library.version}, where ${LIBRARY_VERSION} is wanted`;
    return { found: false, reason: "stale", detail };
  } catch (error) {
    return { found: false, reason: "does not load", detail: (error as Error).message.split("\n")[0] ?? "" };
  }
}
