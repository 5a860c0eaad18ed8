import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { WASM, wasmFolder } from "../wasm.ts";

/** A package as it is found from a file. */
export interface FoundPackage {
  name: string;
  /** Its folder, or null where it is not installed. */
  folder: string | null;
  version: string;
}

/** Finds packages as Node would from a file: in the folders `node_modules` above it. */
export function findPackages(file: string, names: readonly string[]): FoundPackage[] {
  return names.map((name) => {
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      const manifest = join(folder, "node_modules", name, "package.json");
      if (existsSync(manifest)) {
        const { version = "*" } = JSON.parse(readFileSync(manifest, "utf8")) as { version?: string };
        return { name, folder: realpathSync(dirname(manifest)), version };
      }
      if (folder === dirname(folder)) return { name, folder: null, version: "*" };
    }
  });
}

/** Versions of packages by name, as a package.json has them. */
export function versionsOf(packages: readonly FoundPackage[]): Record<string, string> {
  return Object.fromEntries(packages.map(({ name, version }) => [name, version]));
}

/** The packages with the backend wasm, where the program does not import it and nanproof finds it. */
export function withWasm(packages: readonly FoundPackage[]): FoundPackage[] {
  const folder = wasmFolder();
  if (folder === null || packages.some(({ name }) => name === WASM)) return [...packages];
  return [...packages, { name: WASM, folder, version: "" }];
}
