import { basename } from "node:path";
import * as z from "zod";
import { UsageError } from "../../documents/errors.ts";
import { readSaved, savedPath, writeSaved } from "../../documents/saved/savedState.ts";
import type { HuntSettings } from "../../hunt/settings.ts";
import { version } from "../../package.ts";
import type { FileOrder } from "../../programs/hostOrder.ts";
import type { ProgramSpace } from "../../programs/process/case.ts";
import { givenKnobs } from "../../programs/process/knobs.ts";
import type { ProgramHost } from "../../programs/process/program.ts";
import { note } from "../output.ts";
import { startProgram } from "./opening.ts";

/** The settings of a hunt that only a program has. */
export interface ProgramHunt {
  order: FileOrder;
  knob: readonly string[];
  steps: number | undefined;
}

/** Lines that make a script a program that can be hunted, in its own language. */
const LINES: Readonly<Record<"javascript" | "python", readonly string[]>> = {
  javascript: [
    'import { integer, program } from "nanproof/program";',
    "export default program({",
    "  knobs: { batchSize: integer(1, 32, { default: 8 }) },",
    "  steps: 200,",
    "  async train({ knobs, seed, steps, watch }) { /* the script, with `watch` from here */ },",
    "});",
  ],
  python: [
    "import nanproof",
    "@nanproof.program(knobs={'batch_size': nanproof.integer(1, 32, default=8)}, steps=200)",
    "def train(knobs, seed, watch):",
    "    ...  # the script, with `watch` from here",
  ],
};

/**
 * The settings of a hunt of a person's program.
 * @throws UsageError when it does not load, is a script, or a knob is none of its.
 */
export async function programHunt(
  { order, knob, steps }: ProgramHunt,
  settings: Omit<HuntSettings, "space" | "fix" | "host" | "confirm" | "provenance">,
): Promise<HuntSettings> {
  const host = await startProgram(order);
  await host.close?.();
  const { ready } = host.hosting;
  const name = basename(order.file);
  if (ready.form === "script")
    throw new UsageError(
      "NANPROOF_E_PROGRAM",
      `${name} is a script: it has no knob and no seed, so there is nothing to hunt`,
      "make it a program by the lines above (docs/programs.md), or run it by itself: its death is captured",
      LINES[ready.host],
    );
  tellChange(settings.out, host);
  const space: ProgramSpace = { pinned: givenKnobs(ready.knobs, knob), steps: steps ?? ready.steps };
  return {
    ...settings,
    space,
    fix: null,
    host: { kind: "file", ...order },
    confirm: { order: { kind: "file", ...order, isFresh: true }, name: "fresh-process" },
    provenance: { nanproof: version(), preset: name, domain: "of its knobs" },
  };
}

/** Says that a program is another one than the last hunt of its name in a folder had: its progress begins anew, its fixtures stay. */
function tellChange(folder: string | null, { file }: ProgramHost): void {
  if (folder === null || file === undefined) return;
  const path = savedPath(folder, "program", file.name);
  const before = readSaved(path, z.strictObject({ sha256: z.string() }));
  if (before?.sha256 === file.sha256) return;
  if (before !== null)
    note(
      `${file.name} has changed since the last hunt here: its fixtures are replayed, and the hunt begins anew`,
    );
  writeSaved(path, { sha256: file.sha256 });
}
