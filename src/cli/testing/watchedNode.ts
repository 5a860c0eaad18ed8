import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Things that a watched Node does, besides telling where it is. */
export interface Watch {
  /** Waits of so many milliseconds or more never end: what a command does while it waits so is done for another reason. */
  endlessFrom?: number;
  /** It tells when it reads one of these. */
  files?: readonly string[];
  /** The thread that never comes back from reading one of these. */
  stuck?: number;
}

/** The module that Node loads before a command, in each of its threads. */
const PRELOAD = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";

const { endlessFrom = Infinity, files, stuck } = JSON.parse(process.env.NANPROOF_TEST_WATCH);
const say = (text) => fs.writeSync(2, text + "\\n");

say("thread " + threadId + " begins");
if (isMainThread) process.prependListener("newListener", function listen(name) {
  if (name !== "SIGINT") return;
  process.off("newListener", listen);
  process.on("SIGINT", () => say("told to stop"));
});
const wait = globalThis.setTimeout;
globalThis.setTimeout = (what, ms, ...args) => (ms < endlessFrom ? wait(what, ms, ...args) : wait(() => {}, 2 ** 31 - 1));
const read = fs.readFileSync;
fs.readFileSync = (path, ...options) => {
  if (typeof path === "string" && files.includes(resolve(path))) {
    say("thread " + threadId + " reads " + path);
    if (threadId === stuck) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  return read(path, ...options);
};
syncBuiltinESMExports();
`;

/**
 * The environment of a Node that tells on stderr where it is: "thread 1 begins", "told to stop", "thread 1 reads large.json"; its threads
 * and processes inherit it. So a test sends a signal at a point of a command, and no time is measured.
 * @param place A folder for the module that makes it so.
 */
export function watchedNode(place: string, { files = [], ...watch }: Watch = {}): Record<string, string> {
  const preload = resolve(join(place, "watched-node.mjs"));
  writeFileSync(preload, PRELOAD);
  return {
    NODE_OPTIONS: `--import=${pathToFileURL(preload)}`,
    NANPROOF_TEST_WATCH: JSON.stringify({ ...watch, files: files.map((file) => resolve(place, file)) }),
  };
}
