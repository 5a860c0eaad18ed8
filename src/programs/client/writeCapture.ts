import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeSafetensors } from "../../documents/writeSafetensors.ts";
import type { Trace } from "../trace/trace.ts";
import { toJson, writeTrace } from "../trace/writeTrace.ts";
import { batchFile } from "./batchFile.ts";
import type { Capture } from "./capture.ts";
import { stateFile } from "./stateFile.ts";
import type { Snapshot } from "./tfjs/parts.ts";

/** A death, and all that has to be kept of it. */
export interface ToCapture {
  /** The folder, made where it is not there. */
  folder: string;
  capture: Omit<Capture, "kind" | "knobs" | "seed" | "state" | "batch" | "trace">;
  state: Snapshot;
  batch: readonly unknown[];
  trace: Trace | null;
}

/** The death that was written. */
export interface WrittenCapture {
  /** The JSON file. */
  path: string;
  capture: Capture;
}

/** Writes a death: state and batch as safetensors, the trace as JSON lines, and the JSON that names them, last. */
export function writeCapture({ folder, capture, state, batch, trace }: ToCapture): WrittenCapture {
  const stateBytes = writeSafetensors(stateFile(state));
  const batchBytes = writeSafetensors(batchFile(batch));
  const hash = createHash("sha256").update(stateBytes).update(batchBytes).digest("hex").slice(0, 12);
  const stem = `${capture.program.name.replace(/\.[^.]*$/, "").replace(/[^A-Za-z0-9._-]/g, "-")}-step${capture.step}-${hash}`;
  const whole: Capture = {
    kind: "capture",
    knobs: null,
    seed: null,
    ...capture,
    state: `${stem}.state.safetensors`,
    batch: `${stem}.batch.safetensors`,
    trace: trace === null ? null : `${stem}.trace.jsonl`,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, whole.state), stateBytes);
  writeFileSync(join(folder, whole.batch), batchBytes);
  if (trace !== null && whole.trace !== null) writeTrace(join(folder, whole.trace), trace);
  const path = join(folder, `${stem}.json`);
  writeFileSync(`${path}.part`, `${JSON.stringify(JSON.parse(toJson(whole)), null, 2)}\n`);
  renameSync(`${path}.part`, path);
  return { path, capture: whole };
}
