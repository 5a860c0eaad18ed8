import type { ScriptRun } from "../scriptRun.ts";
import { WASM } from "../wasm.ts";
import type { BundleFiles } from "./bundle.ts";
import type { HostedStep } from "./hostedStep.ts";
import { type BundleRunner, runBundle } from "./runBundle.ts";

/** The verdict on a bundle that was run. */
type BundleVerdict =
  /** The same part is not finite first. */
  | { kind: "dies"; last: string }
  | { kind: "differs"; instead: string; last: string }
  | { kind: "cannot run"; error: string };

/** A bundle that was run. */
export interface VerifiedBundle {
  verdict: BundleVerdict;
  versions: readonly string[];
  /** The result on the backend `wasm`, in words; null where that was not tried. */
  onWasm: string | null;
}

/** Names of the parts that may not be finite, as a bundle's runner prints them. */
const PARTS = { loss: "loss", gradients: "gradient", weights: "weight", slots: "slot" } as const;

/** Runs a bundle outside of the program's folder, and compares what it ends with with what the program does. */
export async function verifyBundle(
  files: BundleFiles,
  { framework, versions, where }: HostedStep,
  runner: BundleRunner,
): Promise<VerifiedBundle> {
  const hasWasm = runner.packages.some(({ name, folder }) => name === WASM && folder !== null);
  const [run = NOT_RUN, onWasm] = await runBundle(files, runner, [
    [],
    ...(framework === "tfjs" && hasWasm ? [["wasm"]] : []),
  ]);
  return { verdict: verdictOf(run, where), versions, onWasm: onWasm === undefined ? null : wasmText(onWasm) };
}

const NOT_RUN: ScriptRun = { exitCode: 125, stdout: "", error: "it was not run" };

function lastLine({ stdout }: ScriptRun): string {
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}

function verdictOf(run: ScriptRun, where: HostedStep["where"]): BundleVerdict {
  const last = lastLine(run);
  if (run.exitCode !== 0 && (run.exitCode !== 1 || !last.includes(": expected finite, got ")))
    return { kind: "cannot run", error: run.error.trim().split("\n").at(-1) ?? "" };
  const part = /^([a-z]+): expected finite, got/.exec(last)?.[1];
  if (where === null)
    return {
      kind: "differs",
      instead: `the step lives in the program itself, and here ${part === undefined ? "too" : "it dies"}`,
      last,
    };
  if (part === undefined) return { kind: "differs", instead: "it lives", last };
  if (part === PARTS[where]) return { kind: "dies", last };
  return {
    kind: "differs",
    instead: `its ${part} is not finite first, and the program's ${PARTS[where]} is`,
    last,
  };
}

function wasmText(run: ScriptRun): string {
  if (run.exitCode === 1) return `On the backend wasm it dies too: ${lastLine(run)}.`;
  return run.exitCode === 0 ? "On the backend wasm it lives." : "On the backend wasm it cannot run.";
}

/** A verdict in words, for the bundle's own comments and for a person. */
export function bundleVerdictText({ verdict, versions, onWasm }: VerifiedBundle): string[] {
  const where = versions.join(", ");
  const wasm = onWasm === null ? [] : [onWasm];
  switch (verdict.kind) {
    case "dies":
      return [`Verified, in a folder by itself: dies so with ${where}: ${verdict.last}.`, ...wasm];
    case "differs":
      return [`With ${where} ${verdict.instead}.`, ...wasm];
    case "cannot run":
      return [`Could not run with ${where}.`];
  }
}
