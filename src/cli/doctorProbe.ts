/**
 * Looks at one engine, named on the command line, and prints a {@link Probe} as JSON. A process of its own:
 * a native library that crashes takes its process along, and TensorFlow's log goes to its stderr.
 */
import { UsageError } from "../documents/errors.ts";
import { ENGINE_NAMES, type EngineName } from "../programs/lstm/engines/engine.ts";
import { productsReport } from "../programs/lstm/engines/explorer/products/report.ts";
import { openEngine } from "../programs/lstm/engines/open.ts";
import { selfCheck } from "../programs/lstm/recordings/selfCheck.ts";
import { comparisonLine } from "../programs/lstm/reporters/compare.ts";
import type { EngineReport } from "../reporters/doctor.ts";
import { printJson } from "./output.ts";

/** The JSON document that the probe prints. */
export interface Probe {
  report: EngineReport;
  gpuSeen: boolean;
}

async function probe(name: EngineName): Promise<EngineReport> {
  try {
    const engine = await openEngine(name);
    const comparison = selfCheck(engine);
    const { name: recording, steps, agree } = comparison;
    const products = name === "explorer" ? { products: productsReport() } : {};
    const found = { engine: name, version: engine.version, recording, ...products };
    return agree
      ? { ...found, status: "works", steps }
      : { ...found, status: "wrong", disagreement: comparisonLine(comparison) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const status = error.code === "NANPROOF_E_ENGINE_MISSING" ? "missing" : "broken";
    return { engine: name, status, reason: error.message, remedy: error.hint };
  }
}

/** True where the native engine, which has been loaded, found a GPU. */
async function gpuSeen(): Promise<boolean> {
  return (await import("../programs/lstm/engines/tfjs/backend.ts")).nativeUsesGpu();
}

const name = ENGINE_NAMES.find((known) => known === process.argv[2]);
if (name === undefined) throw new Error(`no such engine: ${process.argv[2]}`);
const report = await probe(name);
printJson({
  report,
  gpuSeen: name === "tfjs-node" && "version" in report && (await gpuSeen()),
} satisfies Probe);
