import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { version } from "../package.ts";
import type { MachineReport } from "../reporters/doctor.ts";

/** Instruction sets that TensorFlow's builds ask for or make use of, as Linux names them. */
const FEATURES = ["sse4_1", "sse4_2", "avx", "avx2", "fma", "avx512f", "amx_tile", "asimd"];

/** A module whose one function is v128.const 0, drop: valid where WebAssembly has fixed-width SIMD. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12],
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11],
);

/** The part of WebAssembly's API that is used here; Node has it, TypeScript declares it for browsers only. */
const webAssembly = (globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } })
  .WebAssembly;

/** Describes the machine and the Node that this process runs on. */
export function machineReport(): MachineReport {
  return {
    nanproof: version(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() || "a processor that the system does not name",
    cores: cpus().length,
    features: features(),
    wasmSimd: webAssembly.validate(SIMD_MODULE),
  };
}

function features(): string[] | null {
  try {
    const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1];
    return flags === undefined ? null : FEATURES.filter((name) => flags.split(/\s+/).includes(name));
  } catch {
    return null;
  }
}
