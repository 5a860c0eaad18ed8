import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { version } from "../../package.ts";

/** Packages whose version decides what a program computes. */
const PACKAGES = [
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-node",
];

/** The versions of all that computes in a program, as they are found from its file. */
export function versionsFrom(file: string): Record<string, string> {
  const require = createRequire(file);
  const found = PACKAGES.flatMap((name) => {
    try {
      const json = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")) as {
        version: string;
      };
      return [[name, json.version]];
    } catch {
      // Not every program has every package.
      return [];
    }
  });
  return { nanproof: version(), node: process.versions.node, ...Object.fromEntries(found) };
}
