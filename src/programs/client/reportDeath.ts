import { relative } from "node:path";
import type { TraceDiagnosis } from "../diagnosis/diagnose.ts";
import type { Died } from "./died.ts";
import { startedFile } from "./startedFile.ts";
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

/** The text of a death for a script's stderr: what died, of what, where, and what to type. */
export function reportDeath(
  died: Died,
  diagnosis: TraceDiagnosis | null,
  written: WrittenCapture | Error,
): string {
  const lines = [`nanproof: ${deathMessage(died)}`];
  if (diagnosis !== null) {
    const { signature, sentence, because, site } = diagnosis;
    lines.push(`  signature  ${signature}`, `  what       ${sentence}`, `  because    ${because}`);
    if (site.file !== null) lines.push(`  where      ${shortened(site.file)}:${site.line}`);
  }
  if (written instanceof Error) lines.push(`  not captured: ${written.message}`);
  else {
    const { path, capture } = written;
    if (capture.why !== null) lines.push(`  flaky      ${capture.why}`);
    const file = startedFile(died.call);
    lines.push(
      `  captured in ${path}`,
      "replay it:",
      `  npx nanproof replay ${path} --program ${file === null ? "FILE" : shortened(file)}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A path from here, or the whole path where that is shorter. */
function shortened(file: string): string {
  const path = relative(process.cwd(), file);
  return path.length < file.length ? path : file;
}
