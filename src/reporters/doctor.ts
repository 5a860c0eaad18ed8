import { shellWord } from "../documents/printable.ts";
import { DEFAULT_ENGINE, type EngineName } from "../programs/lstm/engines/engine.ts";
import type { ProductsReport } from "../programs/lstm/engines/explorer/products/report.ts";
import { productsWords } from "../programs/lstm/reporters/products.ts";

/** The GPU, for the engine that can use one. */
interface GpuReport {
  seen: boolean;
  /** Libraries that TensorFlow looked for and could not load; empty where its package is not made for GPUs. */
  missingLibraries: string[];
  /** Advice on how to have one seen; null where there is none. */
  remedy: string | null;
}

/** The native package that an engine computes with. */
interface PackageReport {
  name: string;
  version: string;
  /** Relative to the working directory. */
  folder: string;
}

/** The state of an engine on this machine. */
export type EngineReport = {
  engine: EngineName;
  package?: PackageReport;
  gpu?: GpuReport;
  products?: ProductsReport;
} & (
  | { status: "works"; version: string; recording: string; steps: number }
  /** It loads, and does not compute what TensorFlow 1 did. */
  | { status: "wrong"; version: string; recording: string; disagreement: string }
  /** It is there, and does not load, or its process died. */
  | { status: "broken"; reason: string; remedy: string }
  /** It is not installed. */
  | { status: "missing"; reason: string; remedy: string }
);

/** The machine that the engines run on. */
export interface MachineReport {
  nanproof: string;
  node: string;
  platform: string;
  processor: string;
  cores: number;
  /** Instruction sets that decide what loads and how fast; null where the system does not say. */
  features: string[] | null;
  wasmSimd: boolean;
}

/** The findings of `nanproof doctor`. */
export interface DoctorReport {
  machine: MachineReport;
  engines: EngineReport[];
}

/** True where the default engine works. */
export function defaultWorks({ engines }: DoctorReport): boolean {
  return engines.some(({ engine, status }) => engine === DEFAULT_ENGINE && status === "works");
}

/** The JSON document of `nanproof doctor`. */
export function doctorJson(report: DoctorReport) {
  return { ok: defaultWorks(report), ...report };
}

/** The machine in a few lines and each engine in a paragraph. */
export function doctorText(report: DoctorReport): string[] {
  const { nanproof, node, platform, processor, cores, features, wasmSimd } = report.machine;
  const instructions =
    features === null ? "instruction sets not told by the system" : features.join(" ") || "no AVX";
  const end = defaultWorks(report)
    ? `${DEFAULT_ENGINE}, which computes where no engine is named, works`
    : `${DEFAULT_ENGINE}, which computes where no engine is named, does not work`;
  return [
    `nanproof ${nanproof} on Node ${node}, ${platform}`,
    `${processor}, ${cores} ${cores === 1 ? "core" : "cores"}; ${instructions}; WebAssembly SIMD ${wasmSimd ? "yes" : "no"}`,
    "",
    ...report.engines.flatMap(engineLines),
    "",
    end,
  ];
}

function engineLines(report: EngineReport): string[] {
  const lines = [`${report.engine.padEnd(10)} ${statusWords(report)}`];
  const add = (text: string) => lines.push(`${" ".repeat(11)}${text}`);
  if (report.package)
    add(`${report.package.name} ${report.package.version} in ${shellWord(report.package.folder)}`);
  if (report.products) add(productsWords(report.products));
  if (report.gpu) add(gpuWords(report.gpu));
  if ("remedy" in report) add(report.remedy);
  return lines;
}

function statusWords(report: EngineReport): string {
  switch (report.status) {
    case "works":
      return `works      ${report.version}; agrees with TensorFlow 1 over ${report.steps} steps of ${report.recording}`;
    case "wrong":
      return `WRONG      ${report.version}; on ${report.recording} ${report.disagreement}`;
    case "broken":
      return `broken     ${report.reason}`;
    case "missing":
      return "missing    not installed; nothing else needs it";
  }
}

function gpuWords({ seen, missingLibraries, remedy }: GpuReport): string {
  if (seen) return "GPU seen, and computed on";
  const lacks = missingLibraries.length > 0 ? `, could not load ${missingLibraries.join(", ")}` : "";
  return `no GPU seen${lacks}${remedy === null ? "" : `; for one: ${remedy}`}`;
}
