import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { packageFile } from "../../../package.ts";

/** The program that a worker process runs. */
export interface WorkerScript {
  url: URL;
  /** Arguments for Node itself. */
  nodeOptions?: readonly string[];
}

/** The hunt's worker: as built, or as source where this module itself runs from source. */
export function huntWorkerScript(): WorkerScript {
  const runsFromSource = import.meta.url.endsWith(".ts");
  return { url: packageFile(runsFromSource ? "src/hunt/worker.ts" : "dist/hunt/worker.js") };
}

/** The arguments for Node; a checkout of nanproof runs TypeScript, which needs a loader. */
export function scriptArguments({ url, nodeOptions = [] }: WorkerScript): string[] {
  const loader = url.pathname.endsWith(".ts")
    ? ["--import", createRequire(import.meta.url).resolve("tsx")]
    : [];
  return [...nodeOptions, ...loader, fileURLToPath(url)];
}
