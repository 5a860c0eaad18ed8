import { fileURLToPath } from "node:url";
import { execaNode } from "execa";
import { packageFile } from "../package.ts";
import type { EngineName } from "../programs/lstm/engines/engine.ts";
import { GPU_LOG, gpuRemedy, librariesMissing } from "../programs/lstm/engines/tfjs/native/gpu.ts";
import { INSTALL_NATIVE } from "../programs/lstm/engines/tfjs/native/install.ts";
import { locateNative } from "../programs/lstm/engines/tfjs/native/locate.ts";
import type { EngineReport } from "../reporters/doctor.ts";
import { shownPath } from "../reporters/shownPath.ts";
import type { Probe } from "./doctorProbe.ts";

/** Milliseconds after which an engine that has said nothing is given up. */
const TIMEOUT_MS = 180_000;

/**
 * Looks at one engine in a process of its own. Never rejects: an engine that takes the process along is broken.
 * @returns Null where the signal came first; the process is ended then.
 */
export async function probeEngine(name: EngineName, signal: AbortSignal): Promise<EngineReport | null> {
  const probe = fileURLToPath(packageFile("dist/cli/doctorProbe.js"));
  const outcome = await execaNode(probe, [name], {
    env: name === "tfjs-node" ? GPU_LOG : {},
    timeout: TIMEOUT_MS,
    reject: false,
    stdin: "ignore",
    cancelSignal: signal,
    killSignal: "SIGKILL",
  });
  // Ctrl-C reaches the process too, and may have ended it before this side knows.
  if (signal.aborted || outcome.signal === "SIGINT") return null;
  if (!outcome.failed) {
    const { report, gpuSeen } = JSON.parse(outcome.stdout) as Probe;
    return name === "tfjs-node" ? withNative(report, gpuSeen, outcome.stderr) : report;
  }
  const end = outcome.timedOut
    ? `said nothing for ${TIMEOUT_MS / 1000} s`
    : outcome.signal
      ? `died of ${outcome.signal}`
      : `ended with ${outcome.exitCode}: ${lastWords(outcome.stderr)}`;
  const remedy = name === "tfjs-node" ? `make it anew: ${INSTALL_NATIVE}` : "install nanproof anew: npm ci";
  return withNative(
    { engine: name, status: "broken", reason: `its process ${end}`, remedy },
    false,
    outcome.stderr,
  );
}

/** Adds which package it is, and what is known of a GPU; one that does not load knows nothing of any. */
function withNative(report: EngineReport, seen: boolean, log: string): EngineReport {
  const found = report.engine === "tfjs-node" ? locateNative() : null;
  if (found === null) return report;
  const { name, version, folder, variant } = found;
  const place = { name, version, folder: shownPath(folder) };
  if (report.status === "broken") return { ...report, package: place };
  const missingLibraries = seen ? [] : librariesMissing(log);
  const gpu = { seen, missingLibraries, remedy: seen ? null : gpuRemedy(variant, missingLibraries) };
  return { ...report, package: place, gpu };
}

/** The line of a stack trace that says what was thrown. */
function lastWords(stderr: string): string {
  const lines = stderr.split("\n");
  return (
    lines.find((line) => /^\w*Error\b/.test(line)) ??
    lines.findLast((line) => line.trim() !== "") ??
    "no word"
  );
}
