import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** The program that a worker process runs. */
export interface WorkerScript {
  url: URL;
  /** Arguments for Node itself. */
  nodeOptions?: readonly string[];
}

/** The hunt's worker: beside this module as built, or as source under a loader of TypeScript. */
export function huntWorkerScript(): WorkerScript {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return { url: new URL(`../worker.${extension}`, import.meta.url) };
}

/** What Node is called with; TypeScript needs a loader, which only a checkout of nanproof has. */
export function scriptArguments({ url, nodeOptions = [] }: WorkerScript): string[] {
  const loader = url.pathname.endsWith(".ts")
    ? ["--import", createRequire(import.meta.url).resolve("tsx")]
    : [];
  return [...nodeOptions, ...loader, fileURLToPath(url)];
}
