import type { Engine, EngineName } from "./engine.ts";
import { locateNative } from "./tfjs/native/locate.ts";

/** True where the engine is on this machine; all but tfjs-node come with nanproof. */
export function engineIsInstalled(name: EngineName): boolean {
  return name !== "tfjs-node" || locateNative() !== null;
}

/**
 * Loads an engine. Nothing of an engine is read from disk before it is asked for.
 * @throws UsageError when it is not installed, or does not load.
 */
export async function openEngine(name: EngineName): Promise<Engine> {
  switch (name) {
    case "explorer":
      return (await import("./explorer/engine.ts")).explorerEngine();
    case "tfjs-wasm":
      return (await import("./tfjs/engine.ts")).tfjsEngine("wasm");
    case "tfjs-cpu":
      return (await import("./tfjs/engine.ts")).tfjsEngine("cpu");
    case "tfjs-node":
      return (await import("./tfjs/engine.ts")).tfjsEngine("node");
  }
}
