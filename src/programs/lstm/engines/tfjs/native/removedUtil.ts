import { createRequire } from "node:module";

/** The functions of Node's util that tfjs-node 4.22 calls, as Node documented them. */
const REMOVED = {
  isArray: (value: unknown): boolean => Array.isArray(value),
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
};

/** The first Node whose util functions warn where they are not gone: DEP0044 and DEP0051 print from 22 on, 23 removed both. */
const FIRST_WITHOUT = 22;

/**
 * Puts util.isArray and util.isNullOrUndefined back, which Node 23 removed and without which
 * tfjs-node fails at its first operation. The one place where nanproof changes a module of Node's,
 * and only when the native engine is asked for.
 */
export function restoreRemovedUtil(): void {
  if (Number(process.versions.node.split(".")[0]) < FIRST_WITHOUT) return;
  // A module namespace cannot be written to; the object that require gives can, and is what tfjs-node reads.
  Object.assign(createRequire(import.meta.url)("node:util") as object, REMOVED);
}
