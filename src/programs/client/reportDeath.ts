import { relative } from "node:path";
import { findSite } from "../trace/site.ts";
import type { Trace, TraceOperation } from "../trace/trace.ts";
import type { Died } from "./died.ts";
import { programFile } from "./programFile.ts";
import type { WrittenCapture } from "./writeCapture.ts";

/** A death in one sentence. */
export function deathMessage({ kept, observed, violated }: Died): string {
  const { dead, loss } = observed;
  if (dead === null) {
    const [first] = violated;
    return `step ${kept.step} broke ${first?.name}: ${first?.message}`;
  }
  const what = {
    loss: `the loss is ${loss}`,
    gradients: `the gradient of ${dead.tensor?.replace(/^weight\//, "")} is not finite`,
    weights: `${dead.tensor} is not finite`,
    slots: `the optimizer's ${dead.tensor} is not finite`,
  }[dead.where];
  return `training died at step ${kept.step}: ${what}`;
}

/** What a script's stderr says of a death: what died, where, and what to type. */
export function reportDeath(died: Died, trace: Trace | null, written: WrittenCapture | Error): string {
  const lines = [`nanproof: ${deathMessage(died)}`];
  const site = trace === null ? null : findSite(trace);
  if (site !== null) lines.push(`  first      ${siteLine(site.operation, site.made)}`);
  if (written instanceof Error) lines.push(`  not captured: ${written.message}`);
  else {
    const { path, capture } = written;
    if (capture.expected !== null) lines.push(`  signature  ${capture.expected.signature}`);
    if (capture.why !== null) lines.push(`  flaky      ${capture.why}`);
    lines.push(`  captured in ${path}`, "replay it:");
    const file = programFile(died.call);
    lines.push(
      `  npx nanproof replay ${path} --program ${file === null ? "FILE" : relative(process.cwd(), file)}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function siteLine(operation: TraceOperation, made: boolean): string {
  const { phase, file, line, lineOf, execution, of, timestep, layer, bad } = operation;
  const value = bad === null ? "a number that is not finite" : String(bad.value);
  const verb = made ? "made" : "was given what is not finite and made";
  const parts = [`${operation.operation} ${verb} ${value} in the ${phase} phase`];
  if (file !== null) {
    const what = {
      operation: "at",
      forward: "the gradient of",
      layer: "of the layer made at",
      call: "in the step called at",
    };
    parts.push(`${what[lineOf]} ${relative(process.cwd(), file)}:${line}`);
  }
  if (layer !== null) parts.push(`layer ${layer}`);
  if (timestep !== null) parts.push(`timestep ${timestep}`);
  else if (of > 1) parts.push(`execution ${execution} of ${of}`);
  return parts.join(", ");
}
