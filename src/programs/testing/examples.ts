import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { diagnose, type TraceDiagnosis } from "../diagnosis/diagnose.ts";
import { WORDS } from "../diagnosis/words.ts";
import type { HostProcess } from "./hostProcess.ts";
import { readTrace } from "./trace.ts";

const FOLDER = fileURLToPath(new URL("../../../examples/", import.meta.url));

const exampleSchema = z.strictObject({
  file: z.string(),
  /** The same program with its fault mended. */
  fixed: z.string(),
  framework: z.enum(["tfjs", "torch", "keras", "tensorflow", "tensorflow1", "jax"]),
  form: z.enum(["program", "script"]),
  /** The report that it was made from. */
  source: z.url(),
  knobs: z.record(z.string(), z.unknown()),
  seed: z.int(),
  /** The step that dies. */
  diesAt: z.int(),
  mechanism: z.enum(Object.keys(WORDS) as [keyof typeof WORDS, ...(keyof typeof WORDS)[]]),
  signature: z.string(),
  /** A text that the line of the site has in it. */
  at: z.string(),
  /** The part that the fix changes: the step, or the data that it is given. */
  mends: z.enum(["step", "data"]),
});

/** A public report made again as a program. */
export type Example = z.infer<typeof exampleSchema>;

/** Every example. */
export const EXAMPLES: readonly Example[] = z
  .array(exampleSchema)
  .parse(JSON.parse(readFileSync(join(FOLDER, "examples.json"), "utf8")));

/** The path of an example's file. */
export function exampleFile(name: string): string {
  return join(FOLDER, name);
}

/** The file of a dead step: the state before it, and its batch. */
interface StepFiles {
  state: string;
  batch: string;
}

/** The end of an example. */
export interface EndedExample {
  ended: unknown;
  steps: number;
  files: StepFiles;
  /** True where the dead step, run again twice, gave the same bits both times. */
  repeats: boolean;
  diagnosis: TraceDiagnosis | null;
}

/** Runs an example to its death, runs the step that died again, and names what it died of. */
export async function runToDeath(
  host: HostProcess,
  { knobs, seed }: Example,
  steps: number,
): Promise<EndedExample> {
  await ask(host, "open", { knobs, seed, steps });
  const { ended, records } = await ask(host, "advance", { steps });
  const [state = "", batch = "", out = ""] = ["state", "batch", "trace"].map((name) =>
    join(host.folder, name),
  );
  const files = { state, batch };
  const count = (records as unknown[]).length;
  if (ended !== "dead") return { ended, steps: count, files, repeats: true, diagnosis: null };
  const { digest } = await ask(host, "digest");
  await ask(host, "save", { which: "before", ...files });
  const { digests } = await ask(host, "run", { ...files, times: 2 });
  const repeats = (digests as unknown[]).every((one) => one === digest);
  await ask(host, "trace", { ...files, out });
  return { ended, steps: count, files, repeats, diagnosis: diagnose(readTrace(out)) };
}

/** Runs a program on the step that another died of. @returns The place where it dies, or null. */
export async function runStep(
  host: HostProcess,
  { knobs, seed }: Example,
  files: StepFiles,
): Promise<unknown> {
  await ask(host, "open", { knobs, seed, steps: 2 });
  const { records } = await ask(host, "run", { ...files, times: 1 });
  await ask(host, "close");
  return (records as { dead: unknown }[])[0]?.dead;
}

async function ask(host: HostProcess, type: string, more: object = {}): Promise<Record<string, unknown>> {
  const reply = await host.ask(type, more);
  if (!reply.ok) throw new Error(`${type}: ${JSON.stringify(reply.error)}`);
  return reply;
}
